/// Measures the parts of Daybook that read calendars, for the scripts beside this folder.
let words = CommandLine.arguments.dropFirst()
switch words.first {
case "parse": try Parse.run(words.dropFirst().first ?? "")
case "expand": Expand.run()
case "match": Match.run()
default: print("CalendarBench parse FILE | expand | match")
}

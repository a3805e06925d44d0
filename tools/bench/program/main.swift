import Machine

// One measurement a process, so that the peak of its memory is its own. tools/bench/run calls them in turn with those of
// limit.c, and prints the table at the end.

/// What can be measured, by the words of the command line.
func bench(_ words: [String]) throws {
    let work = words.first ?? ""
    let rest = Array(words.dropFirst())
    let numbers = rest.map { Int($0) ?? 0 }
    switch (work, rest.count) {
    case ("invent", 2): try DraftFile.invent(rest[0], count: numbers[1])
    case ("create", 1): try Appending.create(rest[0])
    case ("append", 4): try Appending.append(DraftFile(rest[0]), to: rest[1], batch: numbers[2], count: numbers[3])
    case ("scan", 1): try Reading.scan(rest[0])
    case ("verify", 1): try Reading.verify(rest[0])
    case ("proof", 1): try Reading.proof(rest[0])
    case ("rebuild", 2): try Posting.rebuild(rest[0], in: rest[1])
    case ("follow", 2): try Posting.follow(rest[0], in: rest[1])
    case ("encode", 1): try Facts.encode(numbers[0])
    case ("decode", 1): try Facts.decode(numbers[0])
    case ("parse", 2): try Facts.parse(DraftFile(rest[0]), count: numbers[1])
    case ("table", 1): try Table(rest[0]).print()
    default:
        throw BenchError(description: "tools/bench/run measures everything; main.swift lists the parts")
    }
}

do {
    try bench(Array(CommandLine.arguments.dropFirst()))
} catch {
    print("bench: \(error)")
    ThisProcess.exit(1)
}

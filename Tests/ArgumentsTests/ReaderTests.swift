import Arguments
import Testing

@Suite struct ReaderTests {
    @Test func `a verb that is said alone has its defaults`() throws {
        let given = try Daybook.given("log")
        #expect(given.path == ["log"])
        #expect(given[Daybook.Log.type] == [])
        #expect(given[Daybook.Log.follow] == false)
        #expect(given[Daybook.Log.limit] == 100)
        #expect(given[Daybook.Log.since] == nil)
        #expect(given[Daybook.Log.format] == .human)
        #expect(given[Daybook.Log.subjects] == [])
        #expect(given[Daybook.colour] == nil)
        #expect(given[Daybook.verbose] == 0)
    }

    @Test(arguments: ["--limit 5", "--limit=5", "-n 5", "-n5", "-n=5", "-fn5", "-vfn 5"])
    func `an option takes its value in any of the usual ways`(_ options: String) throws {
        #expect(try Daybook.given("log \(options)")[Daybook.Log.limit] == 5)
    }

    @Test func `short flags can be bundled, and counted`() throws {
        let given = try Daybook.given("log -fvqv")
        #expect(given[Daybook.Log.follow])
        #expect(given[Daybook.verbose] == 2)
        #expect(given[Daybook.quiet])
    }

    @Test(arguments: ["--config c log", "log --config c", "log --config=c", "-v --config c log -f"])
    func `global options stand before or after the verb`(_ line: String) throws {
        #expect(try Daybook.given(line)[Daybook.configuration] == "c")
    }

    @Test func `a repeated option keeps the order of its values`() throws {
        let given = try Daybook.given("log -t b --type a -tc")
        #expect(given[Daybook.Log.type] == ["b", "a", "c"])
    }

    @Test(arguments: [
        ("log", Bool?.none), ("log --colour", true), ("log --no-colour", false), ("log --no-colour --no-colour", false),
    ])
    func `a switch is on, off, or not said`(_ line: String, _ side: Bool?) throws {
        #expect(try Daybook.given(line)[Daybook.colour] == side)
    }

    @Test(arguments: [("log --offset -5", -5), ("log --offset=-5", -5)])
    func `a negative number can be a value`(_ line: String, _ offset: Int) throws {
        #expect(try Daybook.given(line)[Daybook.Log.offset] == offset)
    }

    @Test(arguments: [
        ("log a b", ["a", "b"]), ("log -", ["-"]), ("log -- -f --help", ["-f", "--help"]), ("log a -f b", ["a", "b"]),
        ("log -3", ["-3"]), ("log a log", ["a", "log"]), ("log help", ["help"]),
    ])
    func `words that are no options are positionals`(_ line: String, _ subjects: [String]) throws {
        #expect(try Daybook.given(line)[Daybook.Log.subjects] == subjects)
    }

    @Test func `positionals are read by their place`() throws {
        let given = try Daybook.given("show 12 cause")
        #expect(given[Daybook.Show.event] == 12)
        #expect(given[Daybook.Show.part] == "cause")
        #expect(try Daybook.given("show 12")[Daybook.Show.part] == nil)
        #expect(try Daybook.given("copy a b c")[Daybook.Copy.to] == ["b", "c"])
    }

    @Test func `the options of a verb hold for the verbs below it`() throws {
        let given = try Daybook.given("metrics --prefix x export -v out")
        #expect(given.path == ["metrics", "export"])
        #expect(given[Daybook.Metrics.prefix] == "x")
        #expect(given[Daybook.Metrics.output] == "out")
        #expect(try Daybook.given("metrics export --prefix y")[Daybook.Metrics.prefix] == "y")
    }

    @Test func `a hidden verb and a hidden option work`() throws {
        #expect(try Daybook.given("repair").path == ["repair"])
        #expect(try Daybook.given("log --secret")[Daybook.Log.secret])
    }

    @Test func `what was said is told from what is a default`() throws {
        let given = try Daybook.given("log --limit 100 a")
        #expect(given.says(Daybook.Log.limit))
        #expect(given.says(Daybook.Log.subjects))
        #expect(!given.says(Daybook.Log.follow))
        #expect(!given.says(Daybook.Log.format))
    }

    @Test(arguments: [
        ("log", "log"), ("show 1", "show"), ("metrics export", "metrics export"), ("metrics list", "metrics list"),
    ])
    func `reading gives back the action of the verb`(_ line: String, _ action: String) throws {
        guard case .act(let read, _) = try Daybook.read(line) else { throw ArgumentError("“\(line)” does not act") }
        #expect(read == action)
    }

    @Test(arguments: [
        ("", []), ("--help", []), ("-h", []), ("help", []), ("help log", ["log"]), ("log -h", ["log"]),
        ("--help log", ["log"]), ("log --limit ten --help", ["log"]), ("log --nonsense -h", ["log"]),
        ("log --limit --help", ["log"]), ("log -fh", ["log"]), ("help metrics export", ["metrics", "export"]),
        ("metrics --help", ["metrics"]), ("show --help", ["show"]),
    ])
    func `help can be asked for anywhere`(_ line: String, _ path: [String]) throws {
        guard case .help(let asked) = try Daybook.read(line) else { throw ArgumentError("“\(line)” is no help") }
        #expect(asked == path)
    }

    @Test(arguments: ["--version", "log --version", "-v --version"])
    func `the version can be asked for`(_ line: String) throws {
        guard case .version = try Daybook.read(line) else { throw ArgumentError("“\(line)” is no version") }
    }

    @Test func `asking for what the verb does not declare stops the program`() async {
        await #expect(processExitsWith: .failure) {
            _ = try Daybook.given("show 1")[Daybook.Log.follow]
        }
    }
}

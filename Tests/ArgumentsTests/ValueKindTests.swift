import Arguments
import Testing

@Suite struct ValueKindTests {
    static let noon = Daybook.now
    static let hour: Int64 = 3_600_000

    static let moments: [(String, Int64)] = [
        ("1970-01-01", 0), ("1969-12-31", -24 * hour), ("2000-02-29", 951_782_400_000),
        ("0001-01-01", -62_135_596_800_000),
        ("2026-11-21", noon - 12 * hour), ("2026-11-21T12:00:00Z", noon), ("2026-11-21t12:00:00z", noon),
        ("2026-11-21T13:30:00+01:30", noon), ("2026-11-21T07:00:00-05:00", noon),
        ("2026-11-21T12:00:00.25Z", noon + 250),
        ("2026-11-21T12:00:00.123999Z", noon + 123), ("2026-11-21T11:59:60Z", noon), ("7d", noon - 168 * hour),
        ("12h", noon - 12 * hour), ("30m", noon - hour / 2), ("45s", noon - 45_000), ("1w", noon - 168 * hour),
        ("0s", noon),
    ]

    @Test(arguments: moments)
    func `a moment is an instant, a day, or a length of time ago`(_ text: String, _ milliseconds: Int64) throws {
        #expect(try Daybook.given("log --since \(text)")[Daybook.Log.since] == milliseconds)
    }

    @Test(arguments: [
        "yesterday", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "1900-02-29", "2026-11-21T24:00:00Z",
        "2026-11-21T12:60:00Z", "2026-11-21T12:00:00+1:00", "2026-11-21T12:00:00+24:00", "7", "7y", "-7d", "7d7d",
    ])
    func `what is no moment is refused`(_ text: String) {
        let wanted = "--since wants a moment such as 2026-11-21, 2026-11-21T09:30:00Z, 7d or 12h, not “\(text)”"
        #expect(Daybook.refusal(of: "log --since=\(text)") == "\(wanted). See: daybook log --help")
    }

    @Test func `a time of day without an offset is asked for one`() {
        #expect(Daybook.refusal(of: "log --since=2026-11-21T12:00:00").contains("add Z for UTC"))
    }

    @Test func `the caller says when a day begins`() throws {
        let surroundings = Surroundings(now: 0) { year, month, day in Int64(year * 10_000 + month * 100 + day) }
        let words = ["log", "--since", "2026-11-21"]
        guard case .act(_, let given) = try Daybook.program.read(words, surroundings) else {
            throw ArgumentError("it does not act")
        }
        #expect(given[Daybook.Log.since] == 20_261_121)
    }

    @Test(arguments: [
        ("30", Duration.seconds(30)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("2h", .seconds(7200)),
        ("1d", .seconds(86_400)), ("0", .zero),
    ])
    func `a length of time is in seconds unless it has a unit`(_ text: String, _ duration: Duration) throws {
        #expect(try Daybook.given("add --to me --wait \(text)")[Daybook.Add.wait] == duration)
    }

    @Test(arguments: ["", "s", "1.5h", "5x", "-5", "1234567890", "٣"])
    func `what is no length of time is refused`(_ text: String) {
        let refusal = Daybook.refusal(of: "add --to me --wait=\(text)")
        #expect(refusal.hasPrefix("--wait wants a length of time such as 30s, 5m or 2h, not “\(text)”."))
    }

    @Test(arguments: [
        ("0", PositionOrMoment.position(0)), ("1200", .position(1200)), ("7d", .moment(noon - 168 * hour)),
        ("1970-01-02", .moment(24 * hour)),
    ])
    func `a bare number is a position, and the rest are moments`(_ text: String, _ place: PositionOrMoment) throws {
        #expect(try value(of: .positionOrMoment, text) == place)
    }

    @Test(arguments: ["soon", "-1", "2026-02-30"])
    func `what is neither position nor moment is refused`(_ text: String) {
        #expect(throws: ArgumentError.self) { try value(of: .positionOrMoment, text) }
    }

    @Test func `paths are not empty, and texts may be`() throws {
        #expect(try value(of: .text, "") == "")
        #expect(try value(of: .file, "-") == "-")
        #expect(try value(of: .folder, "a b") == "a b")
        #expect(throws: ArgumentError.self) { try value(of: .file, "") }
        #expect(throws: ArgumentError.self) { try value(of: .folder, "") }
    }

    @Test(arguments: [
        ("wants a whole number from 1 to 9", 1...9), ("wants a whole number of at least 2", 2...Int.max),
        ("wants a whole number of at most 3", Int.min...3), ("wants a whole number", Int.min...Int.max),
    ])
    func `a number says its limits`(_ said: String, _ range: ClosedRange<Int>) {
        let error = #expect(throws: ArgumentError.self) { try value(of: .integer(in: range), "many") }
        #expect(error?.message == "ITEM \(said), not “many”")
    }

    @Test(arguments: [1, 9])
    func `limits are within their range`(_ number: Int) throws {
        #expect(try value(of: .integer(in: 1...9), "\(number)") == number)
        #expect(throws: ArgumentError.self) { try value(of: .integer(in: 2...8), "\(number)") }
    }

    @Test func `a caller can make its own kind`() throws {
        let even = ValueKind<Int>("EVEN") { text, _ throws(ArgumentError) in
            guard let number = Int(text), number.isMultiple(of: 2) else { throw .wants("an even number", not: text) }
            return number
        }
        #expect(try value(of: even, "4") == 4)
        let error = #expect(throws: ArgumentError.self) { try value(of: even.named("PAIR"), "3") }
        #expect(error?.message == "ITEM wants an even number, not “3”")
    }

    /// Reads one text as the only argument of a program made for it.
    private func value<Value>(of kind: ValueKind<Value>, _ text: String) throws -> Value {
        let item = Positional("ITEM", kind, "The item.")
        let verb = Verb("take", "Take it.", arguments: [item], action: true)
        let program = Program("test", version: "1", "Tests.", sections: [VerbSection("All", [verb])])
        guard case .act(_, let given) = try program.read(["take", "--", text], Surroundings(now: Self.noon)) else {
            throw ArgumentError("it does not act")
        }
        return given[item]
    }
}

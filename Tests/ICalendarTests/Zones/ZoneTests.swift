import ICalendar
import Testing

@Suite(.enabled(if: Tzdata.isHere, "there is no time zone database here"))
struct ZoneTests {
    /// On all continents, and what is odd: half hours, negative summer time, Ramadan, a day left out, no change at all.
    static let names = [
        "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Moscow", "Europe/Istanbul", "America/New_York",
        "America/Los_Angeles", "America/Sao_Paulo", "America/St_Johns", "America/Caracas", "Asia/Kolkata",
        "Asia/Tehran",
        "Asia/Gaza", "Asia/Tokyo", "Africa/Cairo", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia",
        "Pacific/Chatham", "Antarctica/Troll",
    ]
    static let zoneinfo = Oracle("zones.py", needs: "zoneinfo")

    @Test(.enabled(if: zoneinfo != nil, "python3 has no zoneinfo"))
    func `89 the clocks of 20 zones are those of zoneinfo from 1970 to 2100`() throws {
        let oracle = try #require(Self.zoneinfo)
        var zone = Zone.utc
        var (checked, changes) = (0, 0)
        var differences: [String] = []
        func check(_ found: Int, _ expected: Int, _ what: String) {
            checked += 1
            if found != expected { differences.append("\(zone.name) \(what): \(found), not \(expected)") }
        }
        for line in try oracle.answers(Self.names) {
            let words = line.split(separator: " ")
            let numbers = words.compactMap { Int($0) }
            switch words[0] {
            case "zone": zone = try #require(Tzdata.book.named(String(words[1])))
            case "change":
                changes += 1
                check(zone.offset(at: numbers[0] - 1), numbers[1], "before \(numbers[0])")
                check(zone.offset(at: numbers[0]), numbers[2], "at \(numbers[0])")
                check(zone.offset(at: numbers[0] + 1), numbers[2], "after \(numbers[0])")
            default: check(zone.utcSeconds(of: LocalTime(seconds: numbers[0])), numbers[1], "shows \(numbers[0])")
            }
        }
        print("\(Self.names.count) zones, \(changes) changes, \(checked) comparisons with zoneinfo")
        #expect(changes > 2_500)
        #expect(differences.isEmpty, "\(differences.count) differ, as \(differences.prefix(5))")
    }

    @Test func `B12 a time in a gap has the offset before the gap, and a time that is twice is the first`() throws {
        let berlin = try #require(Tzdata.book.named("Europe/Berlin"))
        let gap = try #require(EventTime("20240331T023000")).local
        #expect(berlin.utcSeconds(of: gap) == EventTime("20240331T013000Z")?.local.seconds)
        #expect(berlin.local(at: berlin.utcSeconds(of: gap)) == EventTime("20240331T033000")?.local)
        let twice = try #require(EventTime("20241027T023000")).local
        #expect(berlin.utcSeconds(of: twice) == EventTime("20241027T003000Z")?.local.seconds)
    }

    @Test func `the clocks go on behind the last year that is written out`() throws {
        let berlin = try #require(Tzdata.book.named("Europe/Berlin"))
        for (text, offset) in [("21500701T000000Z", 7200), ("21501231T000000Z", 3600), ("99990701T000000Z", 7200)] {
            let time = try #require(EventTime(text)).local.seconds
            #expect(berlin.offset(at: time) == offset)
            #expect(berlin.utcSeconds(of: berlin.local(at: time)) == time)
        }
    }

    @Test(arguments: [Int.min, -1 << 60, 1 << 60, Int.max])
    func `no time is too far away to be asked about`(seconds: Int) throws {
        let berlin = try #require(Tzdata.book.named("Europe/Berlin"))
        _ = berlin.offset(at: seconds)
        _ = berlin.local(at: seconds)
        _ = berlin.utcSeconds(of: LocalTime(seconds: seconds))
    }

    @Test func `a damaged file is refused or read, and never more`() throws {
        let bytes = try #require(Tzdata.read("Europe/Berlin"))
        var chance = Chance(seed: 7)
        for length in stride(from: 0, to: bytes.count, by: 7) { _ = TimeZoneData(Array(bytes[..<length])) }
        for _ in 0..<500 {
            var damaged = bytes
            for _ in 0..<4 {
                damaged[Int.random(in: 4..<bytes.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            guard let data = TimeZoneData(damaged) else { continue }
            let zone = Zone(name: "Damaged", data: data)
            for seconds in stride(from: -4_000_000_000, to: 9_000_000_000, by: 999_999_937) {
                _ = zone.utcSeconds(of: zone.local(at: seconds))
            }
        }
        #expect(TimeZoneData([]) == nil)
        #expect(TimeZoneData(Array("TZif2".utf8)) == nil)
    }
}

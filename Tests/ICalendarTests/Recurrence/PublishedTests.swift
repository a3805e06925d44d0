import Foundation
import ICalendar
import Testing

/// What others published as the right occurrences. Their files are no part of this project, and the tests are passed over
/// where they are missing. Where we differ on purpose stands in docs/recurrence.md.
struct PublishedTests {
    static let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../../shared/corpus"
    )
    .standardizedFileURL

    static func files(_ folder: String) -> [URL] {
        let path = corpus.appending(path: folder)
        return ((try? FileManager.default.contentsOfDirectory(at: path, includingPropertiesForKeys: nil)) ?? [])
            .sorted { $0.path < $1.path }
    }

    static let days = files("kcalendarcore/rrule-expected").filter { $0.lastPathComponent.hasSuffix(".recurson.ref") }
    static let rules = files("libical/rrule-expected").filter { $0.lastPathComponent.hasSuffix("icalrecur_test.txt") }

    /// Days of KCalendarCore that we answer in another way; the reasons are in docs/recurrence.md.
    static let knownDays: Set<String> = [
        // The start is left out, as old versions of KOrganizer meant it.
        "KOrganizer_3.4__KOrganizer_Test01", "KOrganizer_3.4__KOrganizer_Test10", "KOrganizer_3.4__KOrganizer_Test13",
        // The start is not counted, so there is one more.
        "LibICal__LibICal_TestCase02",
        // The start takes place, though UNTIL is before it.
        "UntilInUTC__Until_TestCase02",
    ]

    @Test(.enabled(if: !days.isEmpty && Tzdata.isHere))
    func `85 the days of meetings are those that KCalendarCore published`() throws {
        var (compared, same) = (0, 0)
        var differences: [String] = []
        for file in Self.days {
            let name = file.lastPathComponent.replacing(".recurson.ref", with: "")
            let expected = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
            let calendar = file.deletingLastPathComponent().appending(path: name)
            guard let found = try Self.meetingDays(calendar, through: expected.last) else { continue }
            compared += 1
            if found == expected {
                same += 1
            } else if !Self.knownDays.contains(where: { name.contains($0 + ".") }) {
                let place =
                    zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? min(found.count, expected.count)
                differences.append(
                    "\(name): \(found.count) and \(expected.count) expected, from \(place) on "
                        + "\(found.dropFirst(place).prefix(3)) and \(expected.dropFirst(place).prefix(3))")
            }
        }
        print("\(compared) of \(Self.days.count) files of KCalendarCore compared, \(same) the same")
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }

    /// The first 501 days from July 1996 to the end of 2020 on which there is something, as its test program finds them.
    private static func meetingDays(_ file: URL, through lastExpected: String?) throws -> [String]? {
        let bytes = Array(try Data(contentsOf: file))
        let calendar = CalendarText(bytes)
        let wanted = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("X-LibKCal-Testsuite-OutTZ:") }?.split(separator: ":").last.map {
                $0.filter { $0 > " " }
            }
        guard let event = calendar.objects.lazy.compactMap({ $0.read().master }).first,
            let first = CivilDay("1996-07-01"), let last = CivilDay("2020-12-31")
        else { return nil }
        let end = max(last, lastExpected.flatMap { CivilDay($0) } ?? last)
        let zone = wanted.flatMap { Tzdata.book.named($0) } ?? .utc
        var days: Set<CivilDay> = []
        // Year by year, as one window has no more than ten thousand occurrences.
        for number in stride(from: first.number, through: end.number, by: 366) {
            let (from, to) = (CivilDay(number: number), CivilDay(number: min(number + 365, end.number)))
            let seconds = zone.utcSeconds(of: LocalTime(from))..<zone.utcSeconds(of: LocalTime(to + 1))
            let expansion = Expansion(
                of: Series(event.schedule), in: ExpansionWindow(seconds: seconds, days: from...to), zones: Tzdata.book,
                definitions: ZoneDefinitions(calendar.zoneDefinitions), floatingZone: zone)
            for occurrence in expansion.occurrences {
                switch occurrence.span {
                case .timed(let start, _): days.insert(zone.local(at: start).day)
                case .days(let first, _): days.insert(first)
                }
            }
        }
        return days.filter { $0 >= first }.sorted().prefix(501).map(\.description)
    }

    /// Rules of libical that we answer in another way, by the text before DTSTART; see docs/recurrence.md.
    static let knownRules: Set<String> = [
        // Only in the month of the start; RFC 5545 and dateutil have it in each month.
        "FREQ=YEARLY;BYMONTHDAY=29;COUNT=3", "FREQ=YEARLY;BYMONTHDAY=-29,-1;COUNT=4",
        // Not done there at all.
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;BYWEEKNO=1;UNTIL=20320101",
        // The interval counts years of weeks, and not years of the calendar.
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=TU,SA;INTERVAL=6;UNTIL=20170101T000000Z",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=TU,SA;INTERVAL=5;UNTIL=20170101T000000Z",
        "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,TU;INTERVAL=3;UNTIL=20320101",
    ]

    @Test(.enabled(if: !rules.isEmpty))
    func `85 the times of rules are those that libical published`() throws {
        var (compared, same) = (0, 0)
        var differences: [String] = []
        for file in Self.rules {
            let paragraphs = try String(contentsOf: file, encoding: .utf8).replacing("\r", with: "").split(
                separator: "\n\n")
            for paragraph in paragraphs {
                var fields: [Substring: String] = [:]
                for line in paragraph.split(separator: "\n") where !line.hasPrefix("#") {
                    guard let colon = line.firstIndex(of: ":") else { continue }
                    fields[line[..<colon]] = line[line.index(after: colon)...].filter { $0 != " " }
                }
                guard let text = fields["RRULE"], let start = fields["DTSTART"].flatMap({ EventTime($0) }),
                    let instances = fields["INSTANCES"]
                else { continue }
                compared += 1
                let from = fields["START-AT"].flatMap { EventTime($0) }?.local
                let all = instances.hasPrefix("***") ? [] : instances.split(separator: ",").map(String.init)
                let expected = all.filter { time in from.map { $0.compact <= time } ?? true }
                let found = Self.times(text, start, from, most: expected.count + 3)
                if found == expected {
                    same += 1
                } else if !Self.knownRules.contains(text) {
                    let note = fields["START-AT"].map { ", from \($0)" } ?? ""
                    differences.append(
                        "\(text) \(start.local.compact)\(note)\n  \(found.prefix(8))\n  \(expected.prefix(8))")
                }
            }
        }
        print("\(compared) rules of libical compared, \(same) the same")
        #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.joined(separator: "\n"))")
    }

    private static func times(_ text: String, _ start: EventTime, _ from: LocalTime?, most: Int) -> [String] {
        guard let text = try? RecurrenceRule(text) else { return [] }
        let rule = start.isDay ? text.ofWholeDays : text
        let suffix = if case .utc = start { "Z" } else { "" }
        return RuleOccurrences(rule, start: start.local, from: from).prefix(most).map {
            start.isDay ? String($0.compact.prefix(8)) : $0.compact + suffix
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: corpus.path) && Tzdata.isHere))
    func `86 every calendar that people published is expanded at once`() throws {
        let files =
            FileManager.default.enumerator(at: Self.corpus, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
            ?? []
        let (from, to) = (CivilDay(number: 19_000), CivilDay(number: 20_500))
        let window = ExpansionWindow(seconds: from.number * 86_400..<to.number * 86_400, days: from...to)
        var (series, occurrences) = (0, 0)
        for file in files where ["ics", "vcs"].contains(file.pathExtension) {
            let calendar = CalendarText(Array(try Data(contentsOf: file)))
            let definitions = ZoneDefinitions(calendar.zoneDefinitions)
            for object in calendar.objects {
                let reading = object.read()
                let overrides = reading.overrides.enumerated().compactMap { number, event in
                    event.recurrenceIdentity.map { Series.Override($0, event.schedule, number: number) }
                }
                let whole = Series(reading.master?.schedule, overrides: overrides)
                let clock = ContinuousClock()
                let length = clock.measure {
                    let found = Expansion(
                        of: whole, in: window, zones: Tzdata.book, definitions: definitions, floatingZone: .utc)
                    occurrences += found.occurrences.count
                    series += 1
                }
                #expect(length < .seconds(2), "\(file.lastPathComponent): \(length)")
            }
        }
        print("\(series) series of the corpus have \(occurrences) occurrences in four years")
        #expect(series > 500)
    }
}

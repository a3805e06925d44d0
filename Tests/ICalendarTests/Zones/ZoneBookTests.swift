import ICalendar
import Synchronization
import Testing

@Suite(.enabled(if: Tzdata.isHere, "there is no time zone database here"))
struct ZoneBookTests {
    static let forms: [(name: String, zone: String, how: FoundZone.How)] = [
        ("Europe/Berlin", "Europe/Berlin", .exact),
        ("europe/berlin", "Europe/Berlin", .exact),
        ("AMERICA/NEW_YORK", "America/New_York", .exact),
        ("\"Europe/Berlin\"", "Europe/Berlin", .exact),
        ("US/Eastern", "US/Eastern", .exact),
        ("EST5EDT", "EST5EDT", .exact),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin", .prefixStripped),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin", .prefixStripped),
        ("/mozilla.org/20050126_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia", .prefixStripped),
        ("/citadel.org/20210210_1/Europe/London", "Europe/London", .prefixStripped),
        ("W. Europe Standard Time", "Europe/Berlin", .windows),
        ("w. europe standard time", "Europe/Berlin", .windows),
        ("Kamchatka Standard Time", "Asia/Kamchatka", .windows),
        ("Mid-Atlantic Standard Time", "Etc/GMT+2", .windows),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin", .windows),
        ("(GMT+01:00) Amsterdam, Berlin, Bern", "Europe/Berlin", .windows),
        ("(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles", .windows),
        ("tzone://Microsoft/Utc", "UTC", .utc),
        ("UTC", "UTC", .utc),
    ]

    @Test(arguments: forms)
    func `90 a zone is found under a name as programs write it`(form: (name: String, zone: String, how: FoundZone.How))
    {
        let found = Tzdata.book.find(form.name)
        #expect(found?.zone.name == form.zone)
        #expect(found?.how == form.how)
    }

    @Test(arguments: [
        ("GMT+0100", 3600), ("UTC+1", 3600), ("UTC-03:30", -12_600), ("+0530", 19_800), ("(UTC+04:51) Nowhere", 17_460),
    ])
    func `90 a name can say how far from UTC it is`(name: String, offset: Int) {
        let found = Tzdata.book.find(name)
        #expect(found?.how == .offsetName)
        #expect(found?.zone.offset(at: 0) == offset)
    }

    @Test func `90 all names of Windows are zones of the database`() {
        let rows = Tzdata.windowsNames
        #expect(rows.count == 141)
        for name in rows { #expect(Tzdata.book.find(name)?.how == (name == "UTC" ? .utc : .windows), "\(name)") }
    }

    @Test(arguments: ["Mitteleuropäische Zeit", "Customized Time Zone", "tzone://Microsoft/Custom", "My Own"])
    func `90 a zone that only the file knows is as the file defines it`(name: String) throws {
        let found = try #require(Tzdata.book.find(name, definitions: ZoneDefinitions([.eastern(name)])))
        #expect(found.how == .definition)
        let newYork = try #require(Tzdata.book.named("America/New_York"))
        // From 2007 on these are the rules of the United States.
        for day in stride(from: 13_600, to: 47_000, by: 3) {
            #expect(found.zone.offset(at: day * 86_400) == newYork.offset(at: day * 86_400))
        }
        #expect(Tzdata.book.find(name) == nil)
    }

    @Test func `90 a definition is read as it stands in the file, with rules, dates and an end in UTC`() throws {
        let text = """
            BEGIN:VCALENDAR\r
            BEGIN:VTIMEZONE\r
            TZID:Own\r
            BEGIN:DAYLIGHT\r
            DTSTART:20200329T020000\r
            TZOFFSETFROM:+0100\r
            TZOFFSETTO:+0200\r
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20210328T010000Z\r
            END:DAYLIGHT\r
            BEGIN:STANDARD\r
            DTSTART:20201025T030000\r
            TZOFFSETFROM:+0200\r
            TZOFFSETTO:+0100\r
            RDATE:20211031T030000,20221030T030000\r
            END:STANDARD\r
            END:VTIMEZONE\r
            BEGIN:VTIMEZONE\r
            TZID:Broken\r
            BEGIN:STANDARD\r
            DTSTART:20201025T030000\r
            END:STANDARD\r
            END:VTIMEZONE\r
            END:VCALENDAR\r

            """
        let definitions = ZoneDefinitions(CalendarText(Array(text.utf8)).zoneDefinitions)
        let own = try #require(Tzdata.book.find("Own", definitions: definitions))
        #expect(own.how == .definition)
        // The last summer is that of 2021, as UNTIL is the instant at which it begins.
        for (time, hours) in [
            ("20200101T000000Z", 1), ("20200329T005959Z", 1), ("20200329T010000Z", 2), ("20201025T010000Z", 1),
            ("20210328T010000Z", 2), ("20211031T005959Z", 2), ("20211031T010000Z", 1), ("20220701T000000Z", 1),
        ] {
            let seconds = try #require(EventTime(time)).local.seconds
            #expect(own.zone.offset(at: seconds) == hours * 3600, "\(time)")
        }
        #expect(Tzdata.book.find("Broken", definitions: definitions) == nil)
    }

    @Test func `90 the database is right where the file says something else of a zone`() throws {
        let found = try #require(
            Tzdata.book.find("Europe/Berlin", definitions: ZoneDefinitions([.eastern("Europe/Berlin")])))
        #expect(found.how == .exact)
        #expect(found.zone.offset(at: 0) == 3600)
    }

    @Test func `a definition that makes no sense is refused with a reason`() throws {
        var definition = ZoneDefinition(name: "Empty")
        #expect(throws: ZoneFault.self) { try definition.zone() }
        let start = try #require(EventTime("20200101T000000")).local
        definition.observances = [.init(start: start, offsetBefore: 0, offset: 3600)]
        definition.observances[0].rules = ["FREQ=SECONDLY"]
        #expect(throws: ZoneFault.self) { try definition.zone() }
        definition.observances[0].rules = ["FREQ=YEARLY;BYDAY=XX"]
        #expect(throws: ZoneFault.self) { try definition.zone() }
        definition.observances[0].rules = []
        definition.observances[0].offset = 100_000
        #expect(throws: ZoneFault.self) { try definition.zone() }
        definition.observances[0].offset = 7200
        #expect(try definition.zone().offset(at: start.seconds) == 7200)
    }

    @Test(arguments: [
        "../../etc/passwd", "/etc/passwd", "Europe/../../../etc/passwd", "/x/../../etc/passwd", "localtime",
        "Europe//Berlin",
        "", "/", "tzone://../../etc", "Europe/Berlin\u{0}", "a/b/c/d/e/f",
    ])
    func `no file outside of the database is ever asked for`(name: String) {
        let asked = Mutex<[String]>([])
        let book = ZoneBook { name in
            asked.withLock { $0.append(name) }
            return nil
        }
        _ = book.find(name)
        for path in asked.withLock({ $0 }) {
            #expect(
                !path.contains("..") && !path.hasPrefix("/") && !path.contains("\u{0}") && path != "localtime",
                "\(path)")
        }
    }
}

extension ZoneDefinition {
    /// The rules of the east of the United States since 2007, written as Windows does: from 1601 on.
    static func eastern(_ name: String) -> ZoneDefinition {
        var definition = ZoneDefinition(name: name)
        let parts = [
            ("16011104T020000", -14_400, -18_000, "BYDAY=1SU;BYMONTH=11"),
            ("16010311T020000", -18_000, -14_400, "BYDAY=2SU;BYMONTH=3"),
        ]
        for (start, before, after, rule) in parts {
            guard let start = EventTime(start) else { continue }
            var observance = Observance(start: start.local, offsetBefore: before, offset: after)
            observance.rules = ["FREQ=YEARLY;\(rule)"]
            definition.observances.append(observance)
        }
        return definition
    }
}

import Testing

@testable import ICalendar

/// An event in a calendar, from the lines that matter.
func calendarText(_ lines: [String], calendar: [String] = []) -> CalendarText {
    let text = ["BEGIN:VCALENDAR"] + calendar + ["BEGIN:VEVENT"] + lines + ["END:VEVENT", "END:VCALENDAR", ""]
    return CalendarText([UInt8](text.joined(separator: "\r\n").utf8))
}

func reading(_ lines: String...) -> CalendarObject.Reading? {
    calendarText(lines).objects.first?.read()
}

/// The event that starts on a day of March.
func event(_ lines: String...) -> CalendarEvent? {
    calendarText(["UID:a", "DTSTART:20260321T090000Z"] + lines).objects.first?.read().master
}

@Suite struct EventReadingTests {
    static let day = CivilDay(year: 2026, month: 3, day: 21) ?? CivilDay(number: 0)
    static let nine = LocalTime(day, secondOfDay: 9 * 3600)

    // MARK: Start and end

    @Test func `check 91: a day without an end is a day, and so is one that ends on itself`() {
        let alone = reading("UID:a", "DTSTART;VALUE=DATE:20260321")?.master
        #expect(alone?.schedule == Schedule(start: .day(Self.day)))
        let closed = reading("UID:a", "DTSTART;VALUE=DATE:20260321", "DTEND;VALUE=DATE:20260321")
        #expect(closed?.master?.schedule == Schedule(start: .day(Self.day)))
        #expect(closed?.flaws == [])
        let backward = reading("UID:a", "DTSTART;VALUE=DATE:20260321", "DTEND;VALUE=DATE:20260301")
        #expect(backward?.master?.schedule == Schedule(start: .day(Self.day)))
        #expect(backward?.flaws.map(\.problem) == [.endBeforeStart])
    }

    @Test func `check 91: the end of whole days is the day after the last`() {
        let days = reading("UID:a", "DTSTART;VALUE=DATE:20260321", "DTEND;VALUE=DATE:20260323")?.master
        #expect(days?.schedule.ending == .at(.day(Self.day + 2)))
    }

    @Test func `check 91: midnight to midnight is whole days where Outlook says so, and only there`() {
        let lines = [
            "UID:a", "DTSTART;TZID=W. Europe Standard Time:20260321T000000",
            "DTEND;TZID=W. Europe Standard Time:20260323T000000",
        ]
        let whole = calendarText(lines + ["X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"]).objects.first?.read().master
        #expect(whole?.schedule == Schedule(start: .day(Self.day), ending: .at(.day(Self.day + 2))))
        let timed = calendarText(lines).objects.first?.read().master
        #expect(timed?.schedule.start == .zoned(LocalTime(Self.day), zone: "W. Europe Standard Time"))
        let noon = event("DTEND:20260321T120000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE")
        #expect(noon?.schedule.start == .utc(Self.nine))
    }

    @Test func `check 91: a date with a time that is said to be a date is a date`() {
        #expect(reading("UID:a", "DTSTART;VALUE=DATE:20260321T000000")?.master?.schedule.start == .day(Self.day))
    }

    @Test func `check 92: an end before the start is no length, and that is noted`() {
        let clamped = reading("UID:a", "DTSTART:20260321T090000Z", "DTEND:20260321T080000Z")
        #expect(clamped?.master?.schedule.ending == .at(.utc(Self.nine)))
        #expect(clamped?.flaws.map(\.problem) == [.endBeforeStart])
        let negative = reading("UID:a", "DTSTART:20260321T090000Z", "DURATION:-PT1H")
        #expect(negative?.master?.schedule.ending == .after(EventDuration()))
        #expect(negative?.flaws.map(\.problem) == [.endBeforeStart])
        #expect(negative?.hasQuarantine == false)
    }

    @Test func `check 92: a length is kept as days or as hours, as it was written`() {
        #expect(event("DURATION:P1D")?.schedule.ending == .after(EventDuration(days: 1)))
        #expect(event("DURATION:PT24H")?.schedule.ending == .after(EventDuration(seconds: 86_400)))
        #expect(event()?.schedule.ending == nil)
    }

    @Test func `an end that cannot be read is passed over, and that is noted`() {
        let odd = reading("UID:a", "DTSTART:20260321T090000Z", "DTEND:later")
        #expect(odd?.master?.schedule.ending == nil)
        #expect(odd?.flaws.map(\.problem) == [.endUnreadable])
    }

    // MARK: Recurrence

    @Test func `check 88: dates are added and taken out in every form`() {
        let event = event(
            "RRULE:FREQ=DAILY", "EXDATE:20260322T090000Z,20260323T090000Z", "EXDATE;TZID=Europe/Berlin:20260324T100000",
            "EXDATE;VALUE=DATE:20260325", "EXDATE:20260326T090000",
            "RDATE;VALUE=PERIOD:20260401T090000Z/PT1H,20260402T090000Z/20260402T100000Z",
            "RDATE;TZID=Europe/Berlin:20260403T100000", "RDATE;VALUE=DATE:20260404")
        let berlin = "Europe/Berlin"
        #expect(
            event?.schedule.exclusions == [
                .utc(LocalTime(Self.day + 1, secondOfDay: 32_400)), .utc(LocalTime(Self.day + 2, secondOfDay: 32_400)),
                .zoned(LocalTime(Self.day + 3, secondOfDay: 36_000), zone: berlin), .day(Self.day + 4),
                .floating(LocalTime(Self.day + 5, secondOfDay: 32_400)),
            ])
        #expect(event?.schedule.additions.count == 4)
        #expect(event?.schedule.additions.first?.ending == .after(EventDuration(seconds: 3_600)))
        #expect(event?.schedule.additions.last?.start == .day(Self.day + 14))
        #expect(event?.schedule.rules == ["FREQ=DAILY"])
        #expect(event?.schedule.isRecurring == true)
    }

    @Test func `check 88: a date that cannot be read is noted, and the others count`() {
        let odd = reading("UID:a", "DTSTART:20260321T090000Z", "EXDATE:20260322T090000Z,never,20260324T090000Z")
        #expect(odd?.master?.schedule.exclusions.count == 2)
        #expect(odd?.flaws.map(\.problem) == [.timeUnreadable])
    }

    @Test func `check 93: an override says what it replaces, and may leave out its start`() {
        let text = CalendarText(
            [UInt8](
                """
                BEGIN:VCALENDAR
                BEGIN:VEVENT
                UID:a
                DTSTART:20260321T090000Z
                RRULE:FREQ=DAILY
                END:VEVENT
                BEGIN:VEVENT
                UID:a
                RECURRENCE-ID;RANGE=THISANDFUTURE:20260322T090000Z
                DTSTART:20260322T110000Z
                SUMMARY:moved
                END:VEVENT
                BEGIN:VEVENT
                UID:a
                RECURRENCE-ID;VALUE=DATE:20260323
                STATUS:CANCELLED
                END:VEVENT
                BEGIN:VEVENT
                UID:a
                RECURRENCE-ID:whenever
                DTSTART:20260324T110000Z
                END:VEVENT
                BEGIN:VEVENT
                UID:a
                SEQUENCE:3
                RECURRENCE-ID;VALUE=DATE:20260323
                SUMMARY:newer
                END:VEVENT
                END:VCALENDAR
                """.utf8))
        #expect(text.objects.count == 1)
        let reading = text.objects.first?.read()
        #expect(reading?.master?.schedule.rules.count == 1)
        #expect(reading?.overrides.count == 2)
        #expect(
            reading?.overrides.first?.recurrenceIdentity
                == RecurrenceIdentity(time: .utc(LocalTime(Self.day + 1, secondOfDay: 32_400)), coversFollowing: true))
        #expect(reading?.overrides.last?.schedule.start == .day(Self.day + 2))
        #expect(reading?.overrides.last?.summary == .value("newer"))
        #expect(reading?.flaws.map(\.problem) == [.identityUnreadable])
        #expect(reading?.hasQuarantine == true)
    }

    @Test(arguments: [
        ("D1 #5", "FREQ=DAILY;COUNT=5"), ("D2 #0", "FREQ=DAILY;INTERVAL=2"), ("D1", "FREQ=DAILY;COUNT=2"),
        ("W1 MO #0", "FREQ=WEEKLY;BYDAY=MO"), ("w2 tu th #10", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=10"),
        ("W1 MO 20261224T000000Z", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261224T000000Z"),
        ("MD1 15 LD #0", "FREQ=MONTHLY;BYMONTHDAY=15,-1"),
        ("MP1 1+ 2- MO TU #3", "FREQ=MONTHLY;BYDAY=1MO,-2MO,1TU,-2TU;COUNT=3"),
        ("YM1 6 7 #8", "FREQ=YEARLY;BYMONTH=6,7;COUNT=8"), ("YD1 100 #0", "FREQ=YEARLY;BYYEARDAY=100"),
    ])
    func `vCalendar 1.0: an old rule says the same in new words`(_ old: String, _ new: String) {
        #expect(event("RRULE:\(old)")?.schedule.rules == [new])
    }

    @Test(arguments: ["M5 #3", "W1 XX #0", "D0", "MD1 32 #0", "nonsense", "W99999999999999999999 MO"])
    func `vCalendar 1.0: a rule that says something else is noted`(_ old: String) {
        let odd = reading("UID:a", "DTSTART:20260321T090000Z", "RRULE:\(old)")
        #expect(odd?.master?.schedule.rules == [])
        #expect(odd?.flaws.map(\.problem) == [.ruleUnreadable])
    }

    // MARK: Kinds and states

    @Test func `B07: status, privacy, time taken and version`() {
        let full = event(
            "STATUS:tentative", "CLASS:CONFIDENTIAL", "TRANSP:TRANSPARENT", "SEQUENCE:4",
            "X-MICROSOFT-CDO-BUSYSTATUS:OOF", "DTSTAMP:20260101T000000Z", "LAST-MODIFIED:20260102T000000Z",
            "CREATED:20260103T000000Z", "COLOR:teal", "CATEGORIES:one,two\\, three", "CATEGORIES:four")
        #expect(full?.status == .tentative)
        #expect(full?.privacy == .confidential)
        #expect(full?.isTransparent == true)
        #expect(full?.sequence == 4)
        #expect(full?.busyStatus == .outOfOffice)
        #expect(full?.stamp?.local.day == CivilDay("2026-01-01"))
        #expect(full?.modified?.local.day == CivilDay("2026-01-02"))
        #expect(full?.created?.local.day == CivilDay("2026-01-03"))
        #expect(full?.colour == "teal")
        #expect(full?.categories == ["one", "two, three", "four"])
        let bare = event()
        #expect(bare?.status == nil)
        #expect(bare?.privacy == .ordinary)
        #expect(bare?.isTransparent == false)
    }

    @Test func `B07: a class that nobody knows is private`() {
        #expect(event("CLASS:X-SECRET")?.privacy == .private)
        #expect(event("CLASS:PUBLIC")?.privacy == .ordinary)
    }

    @Test(arguments: [
        ("X-GOOGLE-EVENT-TYPE:focusTime", CalendarEvent.Kind.focusTime),
        ("X-GOOGLE-EVENT-TYPE:outOfOffice", .outOfOffice), ("X-GOOGLE-EVENT-TYPE:workingLocation", .workingLocation),
        ("X-GOOGLE-EVENT-TYPE:fromGmail", .meeting), ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", .outOfOffice),
        ("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", .workingLocation),
        ("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", .meeting),
        ("X-KDE-KABC-BIRTHDAY:YES", .birthday), ("X-NEXTCLOUD-BC-FIELD-TYPE:BDAY", .birthday), ("X-OTHER:1", .meeting),
    ])
    func `B07: what is no meeting is told by whoever knows`(_ line: String, _ kind: CalendarEvent.Kind) {
        #expect(event(line)?.kind == kind)
    }

    @Test func `B07: out of the office with others is a meeting`() {
        #expect(event("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "ATTENDEE:mailto:a@b.example")?.kind == .meeting)
    }

    // MARK: Texts

    @Test func `B08: texts are plain, and nothing is decoded twice`() {
        let event = event(
            #"SUMMARY:A &amp; B\, C"#, #"DESCRIPTION:<b>bold</b>\nline &lt;2&gt;"#,
            "X-ALT-DESC;FMTTYPE=text/html:<p>not me</p>")
        #expect(event?.summary == .value("A &amp; B, C"))
        #expect(event?.description == .value("<b>bold</b>\nline &lt;2&gt;"))
    }

    @Test func `B08: HTML becomes text where there is no other description`() {
        let html =
            #"<html><head><title>t</title><style>p {}</style></head><p>Dear all\,</p>1 &lt; 2 &amp;lt; 3<br>caf&eacute; &#8364; &unknown; <script>x</script>5 < 6"#
        #expect(
            event("X-ALT-DESC;FMTTYPE=text/html:\(html)")?.description
                == .value("Dear all,\n1 < 2 &lt; 3\ncafé € &unknown; 5 < 6"))
    }

    @Test func `B16, L24: absent and empty are different`() {
        let bare = event()
        #expect(bare?.summary == .absent)
        #expect(bare?.location == .absent)
        let cleared = event("SUMMARY:", "DESCRIPTION: ", "LOCATION:", "URL:")
        #expect(cleared?.summary == .empty)
        #expect(cleared?.description == .empty)
        #expect(cleared?.location == .empty)
        #expect(cleared?.url == .empty)
        #expect(cleared?.location.value == nil)
        #expect(event("LOCATION:", "LOCATION:Room 1")?.location == .value("Room 1"))
    }

    @Test func `check 84: guessed characters are noted with the event`() {
        let bytes =
            [UInt8]("BEGIN:VEVENT\nUID:a\nDTSTART:20260321\nSUMMARY:caf".utf8) + [0xE9] + [UInt8]("\nEND:VEVENT\n".utf8)
        let reading = CalendarText(bytes).objects.first?.read()
        #expect(reading?.master?.summary == .value("café"))
        #expect(reading?.flaws.map(\.problem) == [.charactersGuessed])
    }

    // MARK: Set aside

    @Test func `L02: an event that cannot be read is there, by its UID, and the next one is read`() {
        let text = CalendarText(
            [UInt8](
                """
                BEGIN:VCALENDAR
                BEGIN:VEVENT
                UID:bad
                DTSTART:yesterday
                END:VEVENT
                BEGIN:VEVENT
                UID:none
                END:VEVENT
                BEGIN:VEVENT
                UID:good
                DTSTART:20260321
                END:VEVENT
                END:VCALENDAR
                """.utf8))
        #expect(text.isWhole)
        #expect(text.objects.map(\.uid) == ["bad", "none", "good"])
        let readings = text.objects.map { $0.read() }
        #expect(readings.map { $0.master?.uid } == [nil, nil, "good"])
        #expect(readings.map(\.hasQuarantine) == [true, true, false])
        #expect(readings[0].flaws == [Flaw(component: "VEVENT", uid: "bad", line: 2, problem: .startUnreadable)])
        #expect(readings[1].flaws.map(\.problem) == [.startMissing])
    }

    @Test func `L19: a cancelled event is an event like others`() {
        #expect(event("STATUS:CANCELLED")?.status == .cancelled)
    }
}

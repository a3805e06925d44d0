import Testing

@testable import ICalendar

@Suite struct AttendeeTests {
    static let addresses: [(String, String?)] = [
        ("mailto:a@b.example", "a@b.example"), ("MAILTO:A@B.Example", "a@b.example"), ("a@b.example", "a@b.example"),
        ("mailto: a@b.example ", "a@b.example"), (" MailTo:mailto:a@b.example", "a@b.example"),
        ("mailto:a%40b.example", "a@b.example"), ("mailto:Ann <a@b.example>", "a@b.example"),
        ("mailto:a@b.example?subject=x", "a@b.example"), ("mailto:", nil), ("invalid:nomail", nil),
        ("/principals/users/a@b/", nil), ("urn:uuid:1234", nil), ("mailto:a@", nil), ("@b", nil), ("a b@c", nil),
        ("a@b@c", nil), ("http://a@b.example", nil),
    ]

    @Test(arguments: addresses)
    func `B09: an address is an address in any writing`(_ written: String, _ address: String?) {
        let event = event("ATTENDEE:\(written)")
        #expect(event?.attendees.map(\.address) == [address])
    }

    @Test func `B09: what is said about somebody is read`() {
        let event = event(
            "ORGANIZER;CN=\"Doe, Jane\":mailto:Jane@b.example",
            "ATTENDEE;CN=John;PARTSTAT=ACCEPTED;ROLE=CHAIR;X-NUM-GUESTS=2:mailto:john@b.example",
            "ATTENDEE;CUTYPE=ROOM;CN=Room 1;partstat=declined;ROLE=OPT-PARTICIPANT:mailto:room@b.example",
            "ATTENDEE;CUTYPE=RESOURCE;PARTSTAT=TENTATIVE;ROLE=NON-PARTICIPANT:mailto:car@b.example",
            "ATTENDEE;CUTYPE=GROUP:mailto:all@b.example", "ATTENDEE;CUTYPE=X-ODD;PARTSTAT=X:mailto:odd@b.example")
        #expect(event?.organizer?.name == "Doe, Jane")
        #expect(event?.organizer?.address == "jane@b.example")
        #expect(event?.attendees.map(\.response) == [.accepted, .declined, .tentative, .needsAction, .needsAction])
        #expect(event?.attendees.map(\.role) == [.chair, .optional, .informed, .required, .required])
        #expect(event?.attendees.map(\.kind) == [.individual, .room, .resource, .group, .unknown])
        #expect(event?.attendees.first?.additionalGuests == 2)
    }

    @Test func `B09: EMAIL counts where the identifier is no address`() {
        let event = event("ATTENDEE;EMAIL=A@b.example:/123/principal/", "ATTENDEE;EMAIL=x@y.example:mailto:z@y.example")
        #expect(event?.attendees.map(\.address) == ["a@b.example", "z@y.example"])
        #expect(event?.attendees.first?.identifier == "/123/principal/")
    }

    @Test(arguments: [
        ("CN=a@b.example", nil), ("CN='Ann Lee'", "Ann Lee"), (#"CN=Lee\, Ann"#, "Lee, Ann"), ("CN=", nil),
        ("CN=\"^'Ann^' Lee\"", "\"Ann\" Lee"), ("X-A=b", nil),
    ])
    func `B09: a name that only repeats the address is none`(_ parameter: String, _ name: String?) {
        #expect(event("ATTENDEE;\(parameter):mailto:a@b.example")?.attendees.first?.name == name)
    }

    @Test func `T14: attendees beyond the limit are passed over, and that is noted`() {
        let lines = (0..<600).map { "ATTENDEE:mailto:a\($0)@b.example" }
        let reading = calendarText(["UID:a", "DTSTART:20260321"] + lines).objects.first?.read()
        #expect(reading?.master?.attendees.count == Limits().attendees)
        #expect(reading?.flaws.map(\.problem) == [.tooManyAttendees])
    }
}

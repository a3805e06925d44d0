import Entries
import Testing

@testable import Providers

struct GraphWordsTests {
    private func found(_ more: String) throws -> FoundMeeting {
        let event = try GraphJSON.read(GraphJSON.single("1", more: more))
        return try MeetingMaker(zones: Moments.zones).meeting(event, master: nil)
    }

    private static let guest =
        #""attendees": [{"type": "required", "emailAddress": {"address": "guest@example.test"}}]"#

    @Test(arguments: [
        ("free", Transparency.transparent, MeetingStatus?.none, EventKind?.none),
        ("tentative", .opaque, .tentative, nil),
        ("busy", .opaque, nil, nil),
        ("oof", .opaque, nil, .outOfOffice),
        ("workingElsewhere", .opaque, nil, .workingLocation),
        ("unknown", nil, nil, nil),
        ("showAs-value", nil, nil, nil),
    ])
    func `G45 B07 how the time is shown`(
        _ word: String, _ transparency: Transparency?, _ status: MeetingStatus?, _ kind: EventKind?
    ) throws {
        let details = try found(#""showAs": "\#(word)""#).details
        #expect(details.transparency == transparency)
        #expect(details.status == status)
        #expect(details.kind == kind)
    }

    @Test(arguments: ["oof", "workingElsewhere"])
    func `G45 with a guest it is a meeting, wherever one works`(_ word: String) throws {
        #expect(try found(#""showAs": "\#(word)", \#(Self.guest)"#).details.kind == nil)
    }

    @Test func `G45 with a room alone it is no meeting`() throws {
        let room = #""attendees": [{"type": "resource", "emailAddress": {"address": "room@example.test"}}]"#
        #expect(try found(#""showAs": "oof", \#(room)"#).details.kind == .outOfOffice)
    }

    @Test(arguments: ["notResponded", "accepted", "tentativelyAccepted"])
    func `G45 an invitation takes place, though it is shown as tentative until it is answered`(
        _ response: String
    ) throws {
        let details = try found(#""showAs": "tentative", "responseStatus": {"response": "\#(response)"}"#).details
        #expect(details.status == nil)
    }

    @Test(arguments: [
        ("none", ResponseStatus?.none), ("organizer", .accepted), ("tentativelyAccepted", .tentative),
        ("accepted", .accepted), ("declined", .declined), ("notResponded", .needsAction), ("response-value", nil),
    ])
    func `G45 B07 what the owner of the calendar answered`(_ word: String, _ response: ResponseStatus?) throws {
        #expect(try found(#""responseStatus": {"response": "\#(word)"}"#).details.response == response)
    }

    @Test func `G45 who calls a meeting has accepted it`() throws {
        #expect(
            try found(#""isOrganizer": true, "responseStatus": {"response": "none"}"#).details.response == .accepted)
    }

    @Test(arguments: [
        ("normal", Privacy?.some(.normal)), ("personal", .private), ("private", .private),
        ("confidential", .confidential), ("a-word-of-tomorrow", .private), ("", nil),
    ])
    func `G44 T27 what is private is marked as such`(_ word: String, _ privacy: Privacy?) throws {
        #expect(try found(#""sensitivity": "\#(word)""#).details.privacy == privacy)
    }

    @Test func `B07 a cancelled meeting is still one`() throws {
        #expect(try found(#""isCancelled": true, "showAs": "tentative""#).details.status == .cancelled)
    }

    // MARK: People

    @Test func `B09 attendees with their answers, the organizer among them`() throws {
        let found = try found(
            #"""
            "organizer": {"emailAddress": {"name": "Olga", "address": "Olga@Example.test"}}, "attendees": [
            {"type": "required", "status": {"response": "accepted"}, "emailAddress": {"name": "Ann", "address": "ANN@example.test"}},
            {"type": "optional", "status": {"response": "declined"}, "emailAddress": {"address": "ben@example.test"}},
            {"type": "resource", "status": {"response": "none"}, "emailAddress": {"name": "Room 3", "address": "room3@example.test"}},
            {"type": "required", "status": {"response": "tentativelyAccepted"}, "emailAddress": {"name": "Only a name", "address": "/O=EXCHANGELABS/OU=EXCHANGE/CN=RECIPIENTS/CN=X"}},
            {"type": "type-of-tomorrow", "status": {"response": "what"}, "emailAddress": {"name": "dan@example.test", "address": "dan@example.test"}},
            {"type": "required"}, null, 3, {"emailAddress": {"name": "", "address": ""}}]
            """#)
        #expect(
            found.attendees.map(\.email) == [
                "olga@example.test", "ann@example.test", "ben@example.test", "room3@example.test", nil,
                "dan@example.test",
            ])
        #expect(found.attendees.map(\.name) == ["Olga", "Ann", nil, "Room 3", "Only a name", nil])
        #expect(found.attendees.map(\.response) == [.accepted, .accepted, .declined, .needsAction, .tentative, nil])
        #expect(found.attendees.map(\.isOrganizer) == [true, false, false, false, false, false])
        #expect(found.attendees.map(\.isOptional) == [false, false, true, false, false, false])
        #expect(
            found.attendees.map(\.kind) == [.individual, .individual, .individual, .resource, .individual, .individual])
        #expect(found.attendees.allSatisfy { !$0.isSelf })
    }

    @Test func `B09 an organizer who is among the attendees is there once`() throws {
        let found = try found(
            #"""
            "isOrganizer": true, "organizer": {"emailAddress": {"name": "Olga", "address": "olga@example.test"}}, "attendees": [
            {"type": "required", "status": {"response": "none"}, "emailAddress": {"address": "OLGA@example.test"}}]
            """#)
        #expect(found.attendees.count == 1)
        #expect(found.attendees.first?.isOrganizer == true && found.attendees.first?.isSelf == true)
        #expect(found.attendees.first?.response == .accepted)
        #expect(found.attendees.first?.name == "Olga")
    }

    @Test func `B09 hidden attendees make a list that is a part of one`() throws {
        #expect(try found(#""hideAttendees": true, \#(Self.guest)"#).details.isPartial == true)
        #expect(try found(#""hideAttendees": true, "isOrganizer": true, \#(Self.guest)"#).details.isPartial == nil)
    }

    @Test func `B09 a list without end is cut, and says so`() throws {
        let many = (0..<3_000).map { #"{"emailAddress": {"address": "guest\#($0)@example.test"}}"# }
        let found = try found(#""attendees": [\#(many.joined(separator: ","))]"#)
        #expect(found.attendees.count == 2_000)
        #expect(found.details.isPartial == true)
    }
}

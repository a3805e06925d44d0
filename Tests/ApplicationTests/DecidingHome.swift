import Entries
import Foundation
import Ledger
import Machine
import SQLite
import Sync

@testable import Application

/// A home with an address book and a calendar in files, in which somebody decides. Its clock shows 8 o'clock on
/// 2026-01-05, in UTC.
struct DecidingHome {
    let home: RunningHome

    struct Person {
        var name: String
        var emails: [String]
    }

    struct Event {
        var uid: String
        var title: String
        var day: String
        var people: [Person]
        var extra: [String] = []
    }

    static let jane = Person(name: "Jane Doe", emails: ["jane@doe.example"])
    static let bob = Person(name: "Bob Stone", emails: ["bob@stone.example"])
    /// Called like Jane, with an address that nobody has.
    static let janeElsewhere = Person(name: "Jane Doe", emails: ["jd@elsewhere.example"])

    init(_ events: [Event] = [], people: [Person] = [], seed: UInt64 = 1) throws {
        home = try RunningHome(seed: seed, zone: "Europe/Berlin")
        if !people.isEmpty { try importPeople(people) }
        if !events.isEmpty { try connect(events) }
    }

    // MARK: Files

    func writeBook(_ people: [Person], to name: String = "people.vcf", extra: String = "") throws {
        let cards = people.map { person in
            let emails = person.emails.map { "EMAIL:\($0)\r\n" }.joined()
            return "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:\(person.name)\r\nFN:\(person.name)\r\n\(emails)END:VCARD\r\n"
        }
        try write(cards.joined() + extra, to: home.path(name))
    }

    @discardableResult
    func importPeople(_ people: [Person], user: String? = nil) throws -> ImportPeopleRequest.Answer {
        try writeBook(people)
        return try home.ask(ImportPeopleRequest(user: user, path: home.path("people.vcf")))
    }

    func writeCalendar(_ events: [Event], to name: String = "work.ics") throws {
        let texts = events.map { event in
            let attendees = event.people.flatMap { person in
                person.emails.map { "ATTENDEE;CN=\(person.name);PARTSTAT=ACCEPTED:mailto:\($0)\r\n" }
            }
            let when =
                event.day.contains("T")
                ? "DTSTART:\(event.day)00Z\r\nDURATION:PT1H\r\n" : "DTSTART;VALUE=DATE:\(event.day)\r\n"
            return "BEGIN:VEVENT\r\nUID:\(event.uid)\r\nDTSTAMP:20251201T000000Z\r\n\(when)SUMMARY:\(event.title)\r\n"
                + attendees.joined() + event.extra.map { $0 + "\r\n" }.joined() + "END:VEVENT\r\n"
        }
        try write(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nX-WR-CALNAME:Work\r\n\(texts.joined())END:VCALENDAR\r\n",
            to: home.path(name))
    }

    @discardableResult
    func connect(_ events: [Event], user: String? = nil, named name: String = "work.ics") throws
        -> ConnectFilesRequest.Connected
    {
        try writeCalendar(events, to: name)
        var request = ConnectFilesRequest(path: home.path(name))
        request.user = user
        let connected = try home.ask(request)
        try sync(user: user)
        return connected
    }

    @discardableResult
    func sync(user: String? = nil, isFull: Bool = false) throws -> SyncRequest.Answer {
        var request = SyncRequest()
        request.user = user
        request.isFull = isFull
        return try home.ask(request)
    }

    // MARK: Looking

    /// What stands logged, as `title: person`, in order; retracted ones with their reason.
    func activities(user: String? = nil) throws -> [String] {
        try home.door.open { home in
            let viewer = try home.viewer(user)
            return try home.desk().read { views in
                try views.prepare(
                    """
                    SELECT activity.title, person.name, activity.retraction_reason, activity.rule
                    FROM activity LEFT JOIN person ON person.person = activity.person
                    WHERE activity.owner = ? ORDER BY activity.title, person.name
                    """
                ).map(.text(viewer.user)) { row in
                    "\(row.textIfPresent(0) ?? "-"): \(row.textIfPresent(1) ?? "nobody")"
                        + (row.textIfPresent(2).map { " (\($0))" } ?? "")
                }
            }
        }.answer
    }

    func entries(of type: String) throws -> Int64 {
        try home.door.open { home in
            try home.desk().read { views in
                try views.prepare("SELECT COUNT(*) FROM entry_index WHERE type = ?").first(.text(type)) {
                    $0.integer(0)
                } ?? 0
            }
        }.answer
    }

    func entryCount() throws -> Int64 { try home.door.open { try $0.reader.lastPosition() }.answer }
}

import Application
import Foundation
import HTTP
import Secrets

/// A calendar of an emulated account, changed through the control of its emulator.
class EmulatorSide: Side {
    let kind: Kind
    let server: Lent
    let wire: Wire
    /// What its users know; the emulator holds the same in its own form.
    private(set) var book = Book()
    private(set) var deleted: Set<String> = []
    private(set) var keys: [String: String] = [:]
    let client: (id: String, secret: String)
    /// Hears of each page that its owner was shown, and where that led.
    var heard: (_ page: String, _ redirected: String) -> Void = { _, _ in }

    init(_ kind: Kind, client: (id: String, secret: String)? = nil) throws {
        self.kind = kind
        self.client = client ?? ("emulated-client", "emulated-secret")
        let arguments = client.map { ["--client-id", $0.id, "--client-secret", $0.secret] } ?? []
        server = try Lent(["tools/emulators/run", kind.rawValue] + arguments)
        wire = Wire(server.url)
        try wire.control("POST", "reset")
        try wire.control("PUT", "clock", ["now": "2026-01-05T08:00:00Z"])
        try wire.control("PUT", "consent", ["mode": "allow"])
        try wire.control("PUT", "calendars/\(calendar)", [nameField: "Work"])
    }

    var address: String? { server.url }

    // MARK: What differs

    var calendar: String { fatalError("a side says what its calendar is called") }
    var nameField: String { fatalError("a side says where a name stands") }
    /// All fields of a meeting in the form of the vendor.
    func fields(_ meeting: Meeting) -> [String: Any] { fatalError("a side says how a meeting is written") }
    /// What a new one has besides.
    func identity(_ meeting: Meeting) -> [String: Any] { fatalError("a side says what a meeting is called") }

    // MARK: Connecting

    func connect(_ home: ContractHome) throws {
        let base = home.way(to: server.url)
        var provider = SetProviderRequest(user: nil, provider: kind.rawValue, clientID: client.id)
        provider.clientSecret = Confided(Secret(client.secret))
        provider.base = base
        _ = try home.ask(provider)
        let begun = try home.ask(BeginGrantRequest(user: nil, provider: kind.rawValue, way: .manual))
        var finish = FinishGrantRequest(user: nil, grant: begun.grant)
        let redirected = try consent(begun.page.replacing(base, with: server.url))
        heard(begun.page, redirected)
        finish.redirected = Confided(Secret(redirected))
        finish.terms.name = "Work (\(kind.rawValue))"
        finish.terms.toDays = home.daysAhead
        finish.calendars = ["Work"]
        home.connection = try home.ask(finish).connected?.connection ?? ""
    }

    /// The owner of the account says yes, and is sent back.
    func consent(_ page: String) throws -> String { try wire.ask("GET", page).header("Location") ?? "" }

    // MARK: What is done there

    private func act(_ method: String, _ uid: String, _ rest: String = "", _ body: Any? = nil) throws {
        try wire.control(method, "calendars/\(calendar)/events/\(keys[uid] ?? uid)\(rest)", body)
    }

    func key(_ uid: String) -> String { uid.utf8.map { String($0, radix: 16) }.joined() }

    func put(_ meeting: Meeting) throws {
        let isKnown = keys[meeting.uid] != nil
        book.put(meeting)
        guard isKnown else {
            keys[meeting.uid] = key(meeting.uid)
            try wire.control(
                "POST", "calendars/\(calendar)/events", fields(meeting).merging(identity(meeting)) { $1 })
            return
        }
        if deleted.remove(meeting.uid) != nil { try act("POST", meeting.uid, "/undelete") }
        try act("PATCH", meeting.uid, "", fields(meeting))
    }

    func delete(_ uid: String) throws {
        deleted.insert(uid)
        try act("DELETE", uid)
    }

    func cancel(_ uid: String) throws {
        deleted.insert(uid)
        try act("POST", uid, "/cancel")
    }

    func change(_ uid: String, at original: String, _ change: (inout Meeting) -> Void) throws {
        guard var meeting = book[uid] else { return }
        meeting.start = original
        meeting.weeks = nil
        change(&meeting)
        try act("PATCH", uid, "/instances/\(original)", fields(meeting))
    }

    func cancel(_ uid: String, at original: String) throws { try act("DELETE", uid, "/instances/\(original)") }

    func split(_ uid: String, at original: String, title: String) throws {
        let name = kind == .google ? "summary" : "subject"
        try act("POST", uid, "/split", ["at": original, "changes": [name: title]])
    }

    func rename(_ name: String) throws { try wire.control("PUT", "calendars/\(calendar)", [nameField: name]) }

    func removeCalendar() throws { try wire.control("DELETE", "calendars/\(calendar)") }

    func forgetCursors() throws { try wire.control("POST", "calendars/\(calendar)/expire") }

    /// Its answers lack them, however they are asked for.
    func forget(_ uids: [String], _ home: ContractHome) throws {
        let keys = Set(uids.map(key))
        home.spoil { text in
            guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
                var answer = object as? [String: Any]
            else { return text }
            for list in ["items", "value"] {
                guard let items = answer[list] as? [[String: Any]] else { continue }
                answer[list] = items.filter { item in
                    !keys.contains(item["id"] as? String ?? "") && !keys.contains { Self.isNamed(item, $0) }
                }
            }
            return (try? JSONSerialization.data(withJSONObject: answer)).map { String(decoding: $0, as: UTF8.self) }
                ?? text
        }
    }

    /// Graph writes its ids in another way; the link of an event has its key.
    private static func isNamed(_ item: [String: Any], _ key: String) -> Bool {
        (item["webLink"] as? String)?.contains("itemid=\(key)&") == true
    }

    func remember(_ meetings: [Meeting], _ home: ContractHome) throws { home.spoil { $0 } }

    func usePages() throws { try wire.control("PUT", "paging", ["largest": 2, "emptyPages": 1]) }

    func meeting(_ uid: String) -> Meeting? { book[uid] }
}

/// Google, as its emulator has it.
final class GoogleSide: EmulatorSide {
    init(client: (id: String, secret: String)? = nil) throws { try super.init(.google, client: client) }

    override var calendar: String { "work@group.calendar.google.com" }
    override var nameField: String { "summary" }

    override func identity(_ meeting: Meeting) -> [String: Any] { ["id": key(meeting.uid), "iCalUID": meeting.uid] }

    override func fields(_ meeting: Meeting) -> [String: Any] {
        func time(_ clock: String) -> [String: Any] {
            meeting.isWholeDays ? ["date": clock] : ["dateTime": clock + ":00", "timeZone": meeting.zone]
        }
        let me: [String: Any] = [
            "email": Meeting.me.email, "displayName": Meeting.me.name,
            "responseStatus": meeting.answer == .declined ? "declined" : "accepted",
        ]
        let guests = meeting.guests.map { guest -> [String: Any] in
            ["email": guest.email, "displayName": guest.name, "responseStatus": "accepted"]
        }
        var fields: [String: Any] = [
            "summary": meeting.title, "start": time(meeting.start), "end": time(meeting.end),
            "attendees": [me] + guests, "visibility": meeting.isPrivate ? "private" : "default", "status": "confirmed",
        ]
        if let weeks = meeting.weeks { fields["recurrence"] = ["RRULE:FREQ=WEEKLY;COUNT=\(weeks)"] }
        return fields
    }
}

/// Microsoft Graph, as its emulator has it.
final class MicrosoftSide: EmulatorSide {
    init(client: (id: String, secret: String)? = nil) throws { try super.init(.microsoft, client: client) }

    override var calendar: String { "work" }
    override var nameField: String { "name" }

    override func identity(_ meeting: Meeting) -> [String: Any] { ["id": key(meeting.uid), "iCalUId": meeting.uid] }

    private static let zones = [
        "Europe/Berlin": "W. Europe Standard Time", "America/New_York": "Eastern Standard Time",
    ]
    private static let days = ["saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday"]

    override func fields(_ meeting: Meeting) -> [String: Any] {
        func time(_ clock: String) -> [String: Any] {
            [
                "dateTime": meeting.isWholeDays ? clock + "T00:00:00" : clock + ":00",
                "timeZone": Self.zones[meeting.zone] ?? meeting.zone,
            ]
        }
        func person(_ guest: Meeting.Guest, _ response: String) -> [String: Any] {
            [
                "type": "required", "status": ["response": response, "time": "2025-12-01T00:00:00Z"],
                "emailAddress": ["name": guest.name, "address": guest.email],
            ]
        }
        let answer = meeting.answer == .declined ? "declined" : "accepted"
        var fields: [String: Any] = [
            "subject": meeting.title, "start": time(meeting.start), "end": time(meeting.end),
            "isAllDay": meeting.isWholeDays, "sensitivity": meeting.isPrivate ? "private" : "normal",
            "isCancelled": false, "showAs": "busy",
            "responseStatus": ["response": answer, "time": "2025-12-01T00:00:00Z"],
            "attendees": [person(Meeting.me, answer)] + meeting.guests.map { person($0, "accepted") },
        ]
        // Whoever calls a meeting cannot decline it.
        let organizer = meeting.answer == .declined ? meeting.guests.first ?? Meeting.me : Meeting.me
        fields["isOrganizer"] = meeting.answer != .declined
        fields["organizer"] = ["emailAddress": ["name": organizer.name, "address": organizer.email]]
        if let weeks = meeting.weeks {
            fields["recurrence"] = [
                "pattern": ["type": "weekly", "interval": 1],
                "range": [
                    "type": "numbered", "startDate": String(meeting.start.prefix(10)), "numberOfOccurrences": weeks,
                ],
            ]
        }
        return fields
    }
}

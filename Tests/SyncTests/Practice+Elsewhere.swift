import Entries
import Ledger
import Providers

@testable import Sync

/// Connections to fake servers.
extension Practice {
    func connect(_ name: String, to source: FakeSource) throws {
        sources[name] = source
        var added = ConnectionAdded()
        added.connection = "elsewhere-" + name
        added.provider = .caldav
        added.account = names.account(owner, provider: "caldav", name)
        added.name = name
        note(added.connection, as: name)
        var drafts = [draft(added, "connection/\(added.connection)")]
        drafts += CalendarEntries(
            desk: desk, owner: owner, connection: added.connection, account: added.account ?? ""
        ).found(source.listing[0], isChosen: true)
        try append(drafts)
    }

    var elsewhere: Elsewhere {
        Elsewhere { [unowned self] connection in
            guard let source = sources[connection.name ?? ""] else {
                throw ReadingFailure(.transient, "closed", "It is closed.")
            }
            return Elsewhere.Opened(.calendars(source), memory: ServerMemory())
        }
    }

    func dropElsewhere(_ name: String) throws {
        for calendar in try texts("SELECT calendar FROM calendar WHERE connection = '\(connection(name))'") {
            var dropped = CalendarDropped()
            dropped.calendar = calendar
            dropped.connection = connection(name)
            try append([draft(dropped, "calendar/\(calendar)")])
        }
    }

    func facts<SomeFact: Fact>(_ type: SomeFact.Type) throws -> [SomeFact] {
        try entries(SomeFact.type).compactMap { try $0.fact() as? SomeFact }
    }
}

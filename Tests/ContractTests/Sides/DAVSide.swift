import Application
import Foundation
import HTTP
import Secrets

/// A calendar on a CalDAV server, into which other programs write.
final class DAVSide: BookSide {
    private let server: Lent
    private let wire: Wire
    private let place: String
    /// What it is opened with; nil is what its user has.
    var password = "secret"

    override init(_ kind: Kind) {
        fatalError("\(kind) is made with a server")
    }

    init(on kind: Kind) throws {
        server = try Lent(["tools/servers/run", kind.rawValue])
        wire = Wire(server.url, login: ("alice", "secret"))
        place = Self.home(kind) + "work-\(UUID().uuidString.prefix(8))/"
        super.init(kind)
        try makeCalendar()
    }

    deinit { _ = try? wire.ask("DELETE", place, mayFail: true) }

    private static func home(_ kind: Kind) -> String {
        switch kind {
        case .xandikos: "/alice/calendars/"
        case .sabre1: "/calendars/alice/"
        case .cyrus: "/dav/calendars/user/alice/"
        case .sogo: "/alice/Calendar/"
        default: "/alice/"
        }
    }

    private func makeCalendar() throws {
        try wire.ask(
            "MKCALENDAR", place,
            """
            <?xml version="1.0" encoding="utf-8"?>
            <C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>\
            <D:displayname>\(name)</D:displayname></D:prop></D:set></C:mkcalendar>
            """, type: "application/xml; charset=utf-8")
    }

    override var address: String? { server.url }

    override func connect(_ home: ContractHome) throws {
        var request = ConnectServerRequest(.caldav, address: Confided(Secret(home.way(to: server.url) + "/")))
        request.login = "alice"
        request.password = Confided(Secret(password))
        request.calendars = [name]
        try connect(home, server: request)
    }

    override func publish(_ uid: String?) throws {
        guard let uid else { return }
        guard book[uid] != nil else {
            try wire.ask("DELETE", place + uid + ".ics")
            return
        }
        try wire.ask("PUT", place + uid + ".ics", book.text(of: uid), type: "text/calendar; charset=utf-8")
    }

    override func rename(_ name: String) throws {
        self.name = name
        try wire.ask(
            "PROPPATCH", place,
            """
            <?xml version="1.0" encoding="utf-8"?>
            <D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>\(name)</D:displayname></D:prop></D:set>\
            </D:propertyupdate>
            """, type: "application/xml; charset=utf-8")
    }

    override func forget(_ uids: [String], _ home: ContractHome) throws {
        for uid in uids { try delete(uid) }
    }

    override func removeCalendar() throws { try wire.ask("DELETE", place) }
}

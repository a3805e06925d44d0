import Application
import Foundation
import HTTP
import Secrets

/// A calendar that somebody publishes at a secret address.
final class FeedSide: BookSide {
    private static let command = ["tools/servers/publisher"]
    private let server: Lent
    private let wire: Wire
    private let path: String

    /// - Parameter path: what protects it.
    init(path: String = "/private-\(UUID().uuidString)/work.ics?key=s3cret") throws {
        server = try Lent(Self.command)
        wire = Wire(server.url)
        self.path = path
        super.init(.feed)
        try publish(nil)
    }

    override var address: String? { server.url }

    override func connect(_ home: ContractHome) throws {
        var request = ConnectServerRequest(.feed, address: Confided(Secret(home.way(to: server.url) + path)))
        request.allowsPlain = true
        try connect(home, server: request)
    }

    override func publish(_ uid: String?) throws {
        try wire.ask("PUT", path, book.text(name: name), type: "text/calendar; charset=utf-8")
    }

    override func removeCalendar() throws { try wire.ask("DELETE", path) }
}

import Entries
import Foundation
import HTTP
import Neighbours
import Secrets
import Testing

@testable import Providers

/// The real servers that tests can run against, each where it is installed.
enum Product: String, CaseIterable, CustomTestStringConvertible {
    case radicale, xandikos, sabre1, cyrus, davical, sogo

    var isThere: Bool {
        switch self {
        case .radicale: Neighbour.has("radicale")
        case .xandikos: Neighbour.has("xandikos")
        case .sabre1:
            Neighbour.has("php") && FileManager.default.fileExists(atPath: "/usr/share/php/Sabre/autoload.php")
        case .cyrus: Neighbour.has("cyrmaster") && Neighbour.has("saslpasswd2") && geteuid() == 0
        case .davical:
            Neighbour.has("php") && Self.hasDatabase
                && FileManager.default.fileExists(atPath: "/usr/share/davical/dba/create-database.sh")
        case .sogo:
            Neighbour.has("sogod") && Neighbour.has("memcached") && Self.hasDatabase && geteuid() == 0
        }
    }

    private static var hasDatabase: Bool { FileManager.default.fileExists(atPath: "/usr/lib/postgresql") }

    static var installed: [Product] { allCases.filter(\.isThere) }

    var testDescription: String { rawValue }

    /// Whether it knows the report of changes.
    var canSync: Bool { self != .sabre1 }
    /// Whether it says so when it does not know a token.
    var refusesTokens: Bool { ![.davical, .sogo].contains(self) }
    var login: String { "alice" }
}

/// The servers that were started so far; they end with the tests.
actor RealServers {
    static let shared = RealServers()
    private var running: [Product: Neighbour] = [:]

    func url(_ product: Product) throws -> String {
        if let neighbour = running[product] { return neighbour.url }
        let neighbour = try Neighbour(["tools/servers/run", product.rawValue])
        running[product] = neighbour
        return neighbour.url
    }
}

/// One server, and what a test may do on it that Daybook does not.
final class RealServer {
    let product: Product
    let url: String
    let client: Client
    let password = Secret("secret")
    var login: String { product.login }

    private init(_ product: Product, url: String) throws {
        self.product = product
        self.url = url
        var options = Client.Options()
        options.allowed = [try Allowance("127.0.0.1")]
        client = Client(options)
    }

    static func start(_ product: Product) async throws -> RealServer {
        try RealServer(product, url: try await RealServers.shared.url(product))
    }

    var address: Address { get throws { try Address(url + "/") } }

    var credentials: Credentials {
        get throws { Credentials(.password(login: login, password), for: try address.origin) }
    }

    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: String = "", type: String = "text/calendar; charset=utf-8"
    ) throws -> Response {
        let address = try Address(path.hasPrefix("http") ? path : address.origin.description + path)
        let headers = body.isEmpty ? [] : [Header("Content-Type", type)]
        var request = Request(method, address, headers: headers, body: Array(body.utf8))
        request.credentials = try credentials
        let response = try client.send(request)
        if !response.isSuccess {
            throw ReadingFailure(.permanent, "status", "\(method) \(path): \(response.status)")
        }
        return response
    }

    func look(_ means: Means) throws -> DAVConnect.Looked {
        try DAVConnect.look(url + "/", login: login, password: password, means: means) { _, _ in [] }
    }

    /// A new calendar of a name of its own, by its path as it is asked for.
    func makeCalendar(_ means: Means, named name: String = "test-\(UUID().uuidString.lowercased())") throws -> String {
        let home = try look(means).server.calendarHomes[0]
        let path = home.path + (home.path.hasSuffix("/") ? "" : "/") + name + "/"
        try send("MKCALENDAR", path)
        return path
    }
}

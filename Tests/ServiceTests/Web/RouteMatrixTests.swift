import Application
import Ledger
import Testing
import WebServer

@testable import Application
@testable import Service

/// Every route, asked by everybody about everything (G17).
@Suite struct RouteMatrixTests {
    static let names = Routes.all.map(\.name)

    private static func route(_ name: String) throws -> Route { try #require(Routes.all.first { $0.name == name }) }

    @Test func `G17 whoever is nobody is let in nowhere but at the open doors`() throws {
        let home = try WebHome()
        for route in Routes.all {
            let reply = try RouteSample(route, ids: home.ids(of: "bea")).send(to: home, as: nil)
            // Who logs in is nobody yet, and is let in or not by the password.
            let isOpen = route.role == .anyone && !route.template.hasPrefix("/api/v1/session")
            #expect(reply.status == (isOpen ? 200 : 401), "\(route.name): \(reply.text)")
            if route.role != .anyone { #expect(reply.code == "not_logged_in") }
        }
    }

    /// By the command line alone: they name files of the machine, or are its owner's.
    private static let ownersAlone: Set = [
        "append", "backup", "backup_folder", "connect_files", "erase", "import_people", "key", "look_back", "rebuild",
        "replay", "rotate_key",
    ]
    /// Only parts of what somebody asks; each has a route that asks it in another way, or needs none.
    private static let parts: Set = ["admin", "check_address", "head", "known_person", "sync", "take_turn", "zone"]
    /// Samples are refused before they come so far: there is no such job, and no client is registered.
    private static let refused: Set = ["begin_grant", "run_job"]

    @Test func `J08 whatever the command line can ask, HTTP can, but for what is the machine owner's`() throws {
        var asked: Set<String> = []
        for route in Routes.all {
            let home = try WebHome()
            let who = route.role == .admin ? "ada" : "bea"
            _ = try RouteSample(route, ids: home.ids(of: "bea")).send(to: home, as: who)
            asked.formUnion(home.asked)
        }
        let others = Self.ownersAlone.union(Self.parts).union(Self.refused)
        #expect(Set(AllRequests.byName.keys).subtracting(asked) == others)
    }

    @Test func `L62 a member is refused what takes an administrator`() throws {
        let home = try WebHome()
        let routes = Routes.all.filter { $0.role == .admin }
        #expect(routes.count > 10)
        for route in routes {
            let reply = try RouteSample(route, ids: home.ids(of: "bea")).send(to: home, as: "bea")
            #expect(reply.status == 403, "\(route.name)")
            #expect(reply.code == "forbidden", "\(route.name)")
        }
    }

    @Test func `T8 a token that may only read changes nothing`() throws {
        let home = try WebHome()
        for route in Routes.all {
            let size = try home.home.writer.head.size
            let reply = try RouteSample(route, ids: home.ids(of: "bea")).send(to: home, as: "ada:read")
            if route.role != .anyone, route.scope != .read { #expect(reply.status == 403, "\(reply.text)") }
            #expect(try home.home.writer.head.size == size)
        }
    }

    @Test func `L64 T26 what is another's is as unknown as what never was, to the byte`() throws {
        let home = try WebHome()
        for route in Routes.all {
            let kinds = route.parameters.filter { $0.place == .path }.compactMap(\.identifies)
            guard kinds.contains(where: { $0 != .entry && $0 != .user }) else { continue }
            let unknown = home.ids(of: "bea").mapValues { _ in "00000000000000000000000000000000" }
            for who in ["bea", "ada"] {
                let mine = who == "bea" ? home.ids(of: "bea") : [:]
                let others = try RouteSample(route, ids: home.ids(of: "cy"), others: mine).send(to: home, as: who)
                let nobodys = try RouteSample(route, ids: unknown, others: mine).send(to: home, as: who)
                #expect(others.status == 404, "\(others.text)")
                #expect(others.status == nobodys.status)
                #expect(others.headers == nobodys.headers)
                #expect(others.bytes == nobodys.bytes)
            }
        }
    }

    @Test func `T26 another's things cannot be named in a body or a filter either`() throws {
        let home = try WebHome()
        for route in Routes.all {
            for parameter in route.parameters where parameter.place == .query {
                guard let kind = parameter.identifies, let id = home.ids(of: "cy")[kind] else { continue }
                let sample = try RouteSample(route, ids: home.ids(of: "bea"))
                let reply = home.send(route.method.rawValue, "\(sample.path)?\(parameter.name)=\(id)", as: "bea")
                #expect(reply.status == 404, "\(parameter.name): \(reply.text)")
            }
            guard case .json(let body) = route.body, body.notes.values.contains(where: { $0.identifies != nil }) else {
                continue
            }
            for (field, note) in body.notes {
                guard let kind = note.identifies, let id = home.ids(of: "cy")[kind] else { continue }
                let reply = home.send(
                    route.method.rawValue, try RouteSample(route, ids: home.ids(of: "bea")).path, as: "bea",
                    json: try Self.body(route, home, field, id))
                #expect(reply.status == 404, "\(field): \(reply.text)")
            }
        }
    }

    /// The sample of a body with one id in it that is somebody else's.
    private static func body(_ route: Route, _ home: WebHome, _ field: String, _ id: String) throws -> String {
        let sample = try RouteSample(route, ids: home.ids(of: "bea")).body
        let object = String(decoding: sample, as: UTF8.self).dropLast()
        let isList = ["people", "with"].contains(field)
        let member = "\"\(field)\": " + (isList ? "[\"\(id)\"]" : "\"\(id)\"")
        if object.contains("\"\(field)\":") {
            return "{"
                + object.dropFirst().split(separator: ", ").filter { !$0.contains("\"\(field)\":") }
                .map(String.init).joined(separator: ", ") + (object.contains(", ") ? ", " : "") + member + "}"
        }
        return object + (object == "{" ? "" : ", ") + member + "}"
    }

    /// Those who may not come first, and change nothing for those who may.
    @Test(arguments: names)
    func `G23 no route fails from inside, and every answer is as the document says`(_ name: String) throws {
        let route = try Self.route(name)
        let home = try WebHome()
        for who in [nil, "cy", "ada", "bea:read", "bea"] {
            let reply = try RouteSample(route, ids: home.ids(of: "bea")).send(to: home, as: who)
            #expect(reply.status < 500, "\(who ?? "nobody"): \(reply.text)")
            #expect(try OpenAPITests.fault(reply, route) == nil, "\(who ?? "nobody"): \(reply.status)")
            if who == "bea", route.role == .member { #expect(reply.status != 403) }
            if who == "bea" || who == "bea:read" { #expect(!reply.text.contains("of Cy")) }
            #expect(reply.header("Cache-Control") == "no-store")
            #expect(reply.header("X-Content-Type-Options") == "nosniff")
            #expect(reply.header("Referrer-Policy") == "no-referrer")
            #expect(reply.header("Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'")
        }
    }

    @Test(arguments: names)
    func `T7 a page of somebody else changes nothing with the cookie of whoever looks at it`(_ name: String) throws {
        let home = try WebHome()
        let route = try Self.route(name)
        guard route.role != .anyone else { return }
        let session = try home.session(of: "Ada")
        let sample = try RouteSample(route, ids: home.ids(of: "bea"))
        let size = try home.home.writer.head.size
        for (changed, value) in [
            ("Origin", ""), ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"), ("X-CSRF-Token", ""), ("X-CSRF-Token", "AAAA"),
        ] {
            let reply = sample.send(to: home, as: nil, headers: session.headers.merging([changed: value]) { $1 })
            guard route.method != .get else { continue }
            #expect(reply.status == 403, "\(changed) \(value): \(reply.text)")
            #expect(["foreign_origin", "bad_mark"].contains(reply.code))
        }
        #expect(try home.home.writer.head.size == size || route.method == .get)
        let own = sample.send(to: home, as: nil, headers: session.headers)
        #expect(!["foreign_origin", "bad_mark"].contains(own.code))
    }
}

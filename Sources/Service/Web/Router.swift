import Application
import Entries
import FoundationEssentials
import Machine
public import WebServer

/// Finds the route of a visit, looks whether whoever asks may, and answers. It keeps nothing between two visits.
public struct Router: Sendable {
    let means: WebMeans
    let doorkeeper: Doorkeeper
    private let table: [Entry]
    private let places = Places()
    public let routes: [Route]

    private struct Entry: Sendable {
        let route: Route
        let body: BodyReader
    }

    /// - Throws: where a type of a body has no schema, which is a fault of the program.
    public init(_ means: WebMeans, routes: [Route] = Routes.all) throws {
        self.means = means
        self.routes = routes
        doorkeeper = Doorkeeper(isOurs: means.isOurs)
        table = try routes.map { Entry(route: $0, body: try BodyReader($0.body)) }
    }

    /// Everything that is answered over HTTP goes through here, refusals too.
    public func reply(_ visit: Visit) -> Reply {
        let id = visit.header("X-Request-ID").flatMap { Self.isIdentifier($0) ? $0 : nil } ?? means.identifier()
        do {
            try doorkeeper.requireHost(visit)
            return finished(try answer(visit), id)
        } catch {
            return finished(refused(error, id), id)
        }
    }

    /// Who asks, and may ask now.
    private func caller(_ visit: Visit) throws -> Caller? {
        let caller = try means.authenticate(visit)
        if let seconds = means.limit(visit, caller) { throw TooMany(seconds: seconds) }
        return caller
    }

    /// What is no refusal is our own fault. Its words may tell of what is inside, so they are not sent.
    private func refused(_ error: any Error, _ id: String) -> Reply {
        switch error {
        case let refusal as Refusal: return .refused(refusal)
        case let fault as AccessFault: return fault.reply
        case let many as TooMany: return Self.tooMany(many.seconds)
        case let running as AlreadyRunning:
            return .refused(
                Refusal(.conflict, "this is being read already", code: "already_running"), run: running.run)
        default:
            means.broke(id, error)
            return .refused(
                Refusal(
                    .failed, "something went wrong inside", hint: "The log of the service says more.", code: "internal")
            )
        }
    }

    private static func tooMany(_ seconds: Int64) -> Reply {
        var reply = Reply.refused(
            Refusal(.failed, "too many requests", hint: "Wait \(seconds) seconds.", code: "too_many_requests"))
        reply.headers.append(Visit.Field("Retry-After", String(seconds)))
        return reply
    }

    // MARK: Finding

    private func answer(_ visit: Visit) throws -> Reply {
        let found = found(visit)
        guard !found.isEmpty else { return try elsewhere(visit) }
        guard let wanted = found.first(where: { Self.takes($0.entry.route, visit) }) else {
            return Self.notAllowed(found.map(\.entry.route.method.rawValue))
        }
        return try answer(visit, wanted.entry, wanted.path)
    }

    /// How long what is asked for may take.
    func pace(of visit: Visit) -> Route.Pace {
        found(visit).first { Self.takes($0.entry.route, visit) }?.entry.route.pace ?? .quick
    }

    /// The routes of a path. One that says a word goes before one that takes anything there.
    private func found(_ visit: Visit) -> [(entry: Entry, path: [String: String])] {
        let parts = visit.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        let found = table.compactMap { entry in Self.match(entry.route, parts).map { (entry: entry, path: $0) } }
        let fewest = found.map(\.path.count).min()
        return found.filter { $0.path.count == fewest }
    }

    private static func takes(_ route: Route, _ visit: Visit) -> Bool {
        route.method.rawValue == (visit.method == "HEAD" ? "GET" : visit.method)
    }

    private static func match(_ route: Route, _ parts: [String]) -> [String: String]? {
        guard route.segments.count == parts.count else { return nil }
        var path: [String: String] = [:]
        for (segment, part) in zip(route.segments, parts) {
            switch segment {
            case .word(let word): if word != part { return nil }
            case .parameter(let name):
                if part.isEmpty { return nil }
                path[name] = part
            }
        }
        return path
    }

    private func elsewhere(_ visit: Visit) throws -> Reply {
        let caller = try caller(visit)
        if !visit.path.hasPrefix("/api/"), let reply = means.page(visit, caller) { return reply }
        // Who is nobody hears of no path whether it is there.
        if visit.path.hasPrefix("/api/"), caller == nil { throw AccessFault.nobody }
        throw Self.unknown(visit)
    }

    private static func unknown(_ visit: Visit) -> Refusal {
        Refusal(
            .notFound, "there is nothing here",
            hint: visit.path.count > 1 && visit.path.hasSuffix("/")
                ? "Leave out the slash at the end." : "GET /api/v1/openapi.json lists what there is.")
    }

    private static func notAllowed(_ methods: [String]) -> Reply {
        let allowed = (methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted().joined(separator: ", ")
        var reply = Reply.refused(
            Refusal(.badRequest, "this can be asked with \(allowed)", code: "method_not_allowed"))
        reply.headers.append(Visit.Field("Allow", allowed))
        return reply
    }

    // MARK: Answering

    private func answer(_ visit: Visit, _ entry: Entry, _ path: [String: String]) throws -> Reply {
        let route = entry.route
        let caller = route.role == .anyone ? nil : try caller(visit)
        try admit(caller, route)
        var call = Call(visit: visit, caller: caller, path: path, means: means)
        try checkQuery(visit, route)
        for parameter in route.parameters { try parameter.check(call.text(parameter)) }
        call.json = try entry.body.read(visit)
        try identify(call, route)
        guard route.pace == .lasting, let caller else { return try act(route, call) }
        guard places.enter(caller.user) else { throw TooMany(seconds: Places.patience) }
        defer { places.leave(caller.user) }
        return try act(route, call)
    }

    private func act(_ route: Route, _ call: Call) throws -> Reply {
        try Actor.acting(as: call.caller?.actor ?? "web") { try route.act(call) }
    }

    private func admit(_ caller: Caller?, _ route: Route) throws {
        guard route.role != .anyone else { return }
        guard let caller else { throw AccessFault.nobody }
        guard route.role != .admin || caller.role == .admin else {
            throw Refusal(.badRequest, "this takes an administrator", code: "forbidden")
        }
        guard caller.may(route.scope) else {
            throw Refusal(
                .badRequest, "this token is not good for that: it lacks the scope “\(route.scope.rawValue)”",
                code: "forbidden")
        }
    }

    /// A name that is misspelled would be passed over in silence, and everything would be shown.
    private func checkQuery(_ visit: Visit, _ route: Route) throws(Refusal) {
        let known = route.parameters.filter { $0.place == .query }.map(\.name)
        for field in visit.query {
            let shown = String(field.name.prefix(64))
            guard known.contains(field.name) else {
                throw Refusal(
                    .badRequest, "there is no parameter “\(shown)” here",
                    hint: known.isEmpty ? nil : "There are: \(known.joined(separator: ", ")).", field: shown)
            }
            if visit.queryValues(field.name).count > 1 {
                throw Refusal(.badRequest, "\(shown) is said more than once", field: shown)
            }
        }
    }

    /// Whatever is named must be there for whoever asks, before anything else is said of it.
    private func identify(_ call: Call, _ route: Route) throws {
        var references = route.parameters.compactMap { parameter in
            parameter.identifies.flatMap { kind in call.text(parameter).map { IdentifyRequest.Reference(kind, $0) } }
        }
        if case .json(let type) = route.body, case .object(let members)? = call.json {
            for member in members {
                guard let kind = type.notes[member.name]?.identifies else { continue }
                switch member.value {
                case .text(let id): references.append(.init(kind, id))
                case .list(let list):
                    for case .text(let id) in list { references.append(.init(kind, id)) }
                default: break
                }
            }
        }
        guard !references.isEmpty, call.caller != nil else { return }
        _ = try call.ask(IdentifyRequest(user: call.user, references))
    }

    // MARK: Finishing

    /// What stands above every answer: nothing is kept by those between, nothing of it is run or shown in a frame.
    private func finished(_ reply: Reply, _ id: String) -> Reply {
        var reply = reply
        let wanted = [
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ("Referrer-Policy", "no-referrer"), ("X-Request-ID", id),
        ]
        for (name, value) in wanted where !value.isEmpty {
            // A page says for itself what it may do.
            if !reply.headers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                reply.headers.append(Visit.Field(name, value))
            }
        }
        return reply
    }

    private static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || [45, 46, 95].contains(byte)
            }
    }
}

/// The places in the line of those who ask for what takes long: nobody has them all.
private final class Places: Sendable {
    private static let mostOfOneUser = 2
    /// So many seconds are named to whoever has to come again.
    static let patience: Int64 = 10

    private let taken = Guarded<[String: Int]>([:])

    func enter(_ user: String) -> Bool {
        taken.with { taken in
            guard taken[user, default: 0] < Self.mostOfOneUser else { return false }
            taken[user, default: 0] += 1
            return true
        }
    }

    func leave(_ user: String) {
        taken.with { taken in
            let left = taken[user, default: 1] - 1
            taken[user] = left > 0 ? left : nil
        }
    }
}

/// Whoever asks has asked too often.
private struct TooMany: Error {
    let seconds: Int64
}

/// What was asked for is being done, by the run of this id.
struct AlreadyRunning: Error {
    let run: String
}

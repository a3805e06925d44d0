import HTTP
import XML

/// Asks a collection what changed since a token (RFC 6578).
///
/// The report is asked without a limit of its own: servers cut such answers and lose what comes after. A server that cuts by
/// itself says so with a 507 for the collection, and is asked on from the token that it gives.
struct SyncReport {
    struct Changes {
        /// In the order in which they were told of, each once.
        var changed: [DAVMember] = []
        var gone: [String] = []
        var token = ""
        var pages: Int64 = 0

        var isEmpty: Bool { changed.isEmpty && gone.isEmpty }
    }

    enum Outcome {
        case changes(Changes)
        /// The server does not know the token any more, or says something that can only mean it.
        case tokenRefused(isNamed: Bool)
        /// It does not know the report.
        case unsupported
    }

    let collection: DAVCollection
    let client: DAVClient
    let doing: String

    /// A server that cuts after 100 members tells a collection of 100,000 so.
    private static let mostPages = 1_000
    /// From so many on they have to bring so many members each, on average: nobody cuts as often and as short as that.
    private static let manyPages = 200
    private static let fewMembers = 10

    /// - Parameter token: empty asks for everything.
    func run(from token: String) throws -> Outcome {
        var changes = Changes()
        var members: [String: DAVMember] = [:]
        var order: [String] = []
        var known: Set<String> = []
        var gone: Set<String> = []
        changes.token = token
        for _ in 0..<Self.mostPages {
            let response = try answer(changes.token)
            guard response.status == 207 else { return try verdict(response) }
            var isCut = false
            let before = known.count
            let rest = try DAVClient.read(response, doing: doing) { found in
                switch DAVMember.place(found, in: collection) {
                case .collection: if found.status == 507 { isCut = true }
                case .member(let member):
                    if known.insert(member.name).inserted { order.append(member.name) }
                    if found.status == 404 || found.status == 410 {
                        members[member.name] = nil
                        gone.insert(member.name)
                    } else {
                        members[member.name] = member
                        gone.remove(member.name)
                    }
                case .folder, .outside: break
                }
            }
            changes.pages += 1
            guard let next = rest.syncToken, !next.isEmpty else { return .unsupported }
            if isCut, next == changes.token { return .tokenRefused(isNamed: false) }
            changes.token = next
            // Who goes on and tells nothing new would hold its reader for as long as it likes.
            if isCut, known.count == before || Self.isTrickle(known.count, changes.pages) {
                return .tokenRefused(isNamed: false)
            }
            guard isCut else {
                changes.changed = order.compactMap { members.removeValue(forKey: $0) }
                changes.gone = gone.sorted()
                return .changes(changes)
            }
        }
        return .tokenRefused(isNamed: false)
    }

    private static func isTrickle(_ members: Int, _ pages: Int64) -> Bool {
        pages >= manyPages && Int64(members) < pages * Int64(fewMembers)
    }

    /// What failed inside the server is asked once more: old servers answer so to a token that they do not know, others when
    /// they are busy.
    private func answer(_ token: String) throws -> Response {
        var request = client.request("REPORT", collection.address, depth: 0, body(token))
        request.limits = .patient
        let response = try client.send(request)
        return response.status == 500 || response.status == 507 ? try client.send(request) : response
    }

    private func verdict(_ response: Response) throws -> Outcome {
        let conditions = DAVConditions(response).names
        if conditions.contains("valid-sync-token") { return .tokenRefused(isNamed: true) }
        if DAVStatus.isForAll(response.status) { throw ReadingFailure(response, doing: doing) }
        if [405, 501].contains(response.status) || conditions.contains("supported-report") || response.isSuccess {
            return .unsupported
        }
        // What a 403 or 404 is about, the listing that follows will show.
        return .tokenRefused(isNamed: false)
    }

    private func body(_ token: String) -> XMLWriting {
        var writing = XMLWriting(prefixes: DAVNamespace.prefixes)
        writing.element(.dav("sync-collection")) { writing in
            writing.element(.dav("sync-token"), text: token)
            writing.element(.dav("sync-level"), text: "1")
            writing.properties(DAVMember.properties)
        }
        return writing
    }
}

enum DAVStatus {
    /// It is about the account or the server as a whole, and not about what was asked.
    static func isForAll(_ status: Int) -> Bool { [401, 408, 425, 429, 502, 503, 504].contains(status) }
}

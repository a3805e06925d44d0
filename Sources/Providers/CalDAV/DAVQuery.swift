import HTTP
import XML

/// Everything that a calendar holds, in one answer.
///
/// Servers give it many times faster than the same resources by name: for each name some look through all that they have.
/// What it brings is used; what it does not bring is asked for by name, so nothing depends on it being whole.
struct DAVQuery {
    let collection: DAVCollection
    let client: DAVClient
    let learned: DAVLearned

    /// From so many resources on it is worth it, if they are most of what there is.
    static let fewest = 200
    /// What is larger does not fit into an answer that is read at once.
    static let most = 20_000
    static let mostBytes = 48 << 20

    /// Whether so many of all are better asked for in this way.
    func isWorthIt(_ wanted: Int, of all: Int) -> Bool {
        (Self.fewest...Self.most).contains(wanted) && wanted >= all / 2 && learned.canQuery
    }

    /// The names and ETags alone.
    func members() -> [DAVMember]? {
        var members: [DAVMember] = []
        let isWhole = try? run([.dav("getetag")]) { member, _ in members.append(member) }
        return isWhole == true ? members : nil
    }

    /// Hands out what was found as it is read, with its text.
    func texts(_ each: (DAVMember, String) throws -> Void) throws {
        let data = XMLName.caldav("calendar-data")
        _ = try run([.dav("getetag"), data]) { member, found in
            if let text = found.found[data]?.text, !text.isEmpty { try each(member, text) }
        }
    }

    /// - Returns: whether the answer had an end.
    private func run(_ properties: [XMLName], _ each: (DAVMember, DAVResponse) throws -> Void) throws -> Bool {
        let response: Response
        do {
            response = try client.transport.send(request(properties))
        } catch {
            guard [.tooLarge, .tooSlow, .timedOut].contains(error.kind) else { throw ReadingFailure(error) }
            learned.refuseQuery()
            return false
        }
        guard response.status == 207 else {
            if DAVStatus.isForAll(response.status) { throw ReadingFailure(response, doing: "reading a calendar") }
            learned.refuseQuery()
            return false
        }
        do {
            _ = try Multistatus.read(response.body) { found in
                guard case .member(let member) = DAVMember.place(found, in: collection) else { return }
                try each(member, found)
            }
            return true
        } catch is XMLFault {
            return false
        }
    }

    private func request(_ properties: [XMLName]) -> Request {
        var writing = XMLWriting(prefixes: DAVNamespace.prefixes)
        writing.element(.caldav("calendar-query")) { writing in
            writing.properties(properties)
            writing.element(.caldav("filter")) { writing in
                writing.element(.caldav("comp-filter"), attributes: [("name", "VCALENDAR")]) { writing in
                    writing.element(.caldav("comp-filter"), attributes: [("name", "VEVENT")])
                }
            }
        }
        var request = client.request("REPORT", collection.address, depth: 1, writing)
        request.limits = .patient
        request.limits.bodyBytes = Self.mostBytes
        return request
    }
}

extension Limits {
    /// Of what a server may have to think about for long: a large collection, as a whole.
    static var patient: Limits {
        var limits = Limits()
        limits.slowSeconds = 100
        limits.totalSeconds = 300
        return limits
    }
}

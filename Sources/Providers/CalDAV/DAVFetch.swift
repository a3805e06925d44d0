import Entries
import HTTP
import XML

/// Fetches the contents of members: many in one report, several reports on their way at once, and one by one what a server
/// does not give that way.
struct DAVFetch {
    enum Content: Equatable {
        case text([UInt8])
        /// It was listed, and is not there any more.
        case gone
        /// It is there, and the server does not give it.
        case unreadable(FoundProblem)
    }

    let kind: DAVListing.Kind
    let collection: DAVCollection
    let client: DAVClient
    let learned: DAVLearned

    /// So many in one report; servers have their own limits, which lie above.
    static let batch = 50
    /// So many reports at once, and thereby what is held at once.
    static let reportsAtOnce = 4
    static let singlesAtOnce = 20
    /// A meeting of a mebibyte is a rarity; one that is larger than this holds what is no meeting.
    static let mostBytes = 8 << 20
    /// Of a report: what is larger is taken apart.
    static let mostReportBytes = 16 << 20

    /// - Parameter all: how many there are, of which some are wanted.
    func forEachPage(_ members: [DAVMember], of all: Int, _ page: ([(DAVMember, Content)]) throws -> Void) throws {
        let overlong = members.filter(\.isOverlong)
        if !overlong.isEmpty { try page(overlong.map { ($0, Self.overlong) }) }
        let members = overlong.isEmpty ? members : members.filter { !$0.isOverlong }
        let query = DAVQuery(collection: collection, client: client, learned: learned)
        guard kind == .calendars, query.isWorthIt(members.count, of: all) else { return try byName(members, page) }
        var wanted = Dictionary(members.map { ($0.name, $0) }) { first, _ in first }
        var waiting: [(DAVMember, Content)] = []
        try query.texts { found, text in
            // With the ETag of the listing: if it changed in between, the next listing shows it.
            guard let member = wanted.removeValue(forKey: found.name) else { return }
            waiting.append((member, .text(Array(text.utf8))))
            guard waiting.count == Self.batch * Self.reportsAtOnce else { return }
            try page(waiting)
            waiting = []
        }
        if !waiting.isEmpty { try page(waiting) }
        try byName(members.filter { wanted[$0.name] != nil }, page)
    }

    private func byName(_ members: [DAVMember], _ page: ([(DAVMember, Content)]) throws -> Void) throws {
        var start = 0
        while start < members.count {
            let end = min(members.count, start + Self.batch * Self.reportsAtOnce)
            let some = Array(members[start..<end])
            let contents = try contents(some)
            try page(some.map { ($0, contents[$0.name] ?? Self.withoutAddress) })
            start = end
        }
    }

    private static let withoutAddress = Content.unreadable(
        FoundProblem(.malformed, "The server lists it under an address that cannot be opened."))

    private static let overlong = Content.unreadable(
        FoundProblem(
            .tooLarge,
            "The server lists it under a path of more than \(Longest.identifierBytes) bytes; it was set aside."))

    private static let tooLarge = Content.unreadable(
        FoundProblem(.tooLarge, "The server holds it, but it has more than \(mostBytes >> 20) MiB and is not read."))

    private func contents(_ members: [DAVMember]) throws -> [String: Content] {
        var contents: [String: Content] = [:]
        if learned.canMultiget {
            let batches = stride(from: 0, to: members.count, by: Self.batch).map {
                Array(members[$0..<min(members.count, $0 + Self.batch)])
            }
            for outcome in client.transport.send(batches.map(report)) {
                contents.merge(try texts(outcome)) { $1 }
            }
        }
        for (name, content) in try singles(members.filter { contents[$0.name] == nil }) { contents[name] = content }
        return contents
    }

    // MARK: Many in one report

    private var data: XMLName { kind == .calendars ? .caldav("calendar-data") : .carddav("address-data") }

    private func report(_ members: [DAVMember]) -> Request {
        let name: XMLName =
            kind == .calendars ? .caldav("calendar-multiget") : .carddav("addressbook-multiget")
        var writing = XMLWriting(prefixes: DAVNamespace.prefixes)
        writing.element(name) { writing in
            writing.properties([.dav("getetag"), data])
            for member in members { writing.element(.dav("href"), text: member.href) }
        }
        var request = client.request("REPORT", collection.address, depth: 0, writing)
        request.limits.bodyBytes = Self.mostReportBytes
        return request
    }

    /// What a report gave. What it did not give, for whatever reason, is not in it and is asked for alone.
    private func texts(_ outcome: Result<Response, HTTPError>) throws -> [String: Content] {
        let response: Response
        switch outcome {
        case .success(let success): response = success
        case .failure(let error):
            if error.kind == .tooLarge { return [:] }
            throw ReadingFailure(error)
        }
        guard response.status == 207 else {
            if DAVStatus.isForAll(response.status) { throw ReadingFailure(response, doing: doing) }
            let conditions = DAVConditions(response).names
            if [405, 501].contains(response.status) || conditions.contains("supported-report") {
                learned.refuseMultiget()
            }
            return [:]
        }
        var texts: [String: Content] = [:]
        do {
            _ = try Multistatus.read(response.body) { found in
                guard case .member(let member) = DAVMember.place(found, in: collection),
                    let text = found.found[data]?.text, !text.isEmpty
                else { return }
                texts[member.name] = text.utf8.count > Self.mostBytes ? Self.tooLarge : .text(Array(text.utf8))
            }
        } catch is XMLFault {
            // Some member does not fit into XML; alone it need not.
            return [:]
        }
        return texts
    }

    // MARK: One by one

    private func singles(_ members: [DAVMember]) throws -> [(String, Content)] {
        var contents: [(String, Content)] = []
        var start = 0
        while start < members.count {
            let some = members[start..<min(members.count, start + Self.singlesAtOnce)]
            let places = some.compactMap { member in member.address(in: collection).map { (member.name, $0) } }
            let requests = places.map { _, address in
                var request = client.request("GET", address)
                request.limits.bodyBytes = Self.mostBytes
                return request
            }
            let outcomes = client.transport.send(requests)
            for (place, outcome) in zip(places, outcomes) { contents.append((place.0, try content(outcome))) }
            start += Self.singlesAtOnce
        }
        return contents
    }

    private func content(_ outcome: Result<Response, HTTPError>) throws -> Content {
        switch outcome {
        case .failure(let error) where error.kind == .tooLarge:
            return Self.tooLarge
        case .failure(let error): throw ReadingFailure(error)
        case .success(let response):
            if response.isSuccess { return .text(response.body) }
            if response.status == 404 || response.status == 410 { return .gone }
            if DAVStatus.isForAll(response.status) { throw ReadingFailure(response, doing: doing) }
            return .unreadable(
                FoundProblem(.malformed, "The server lists it, but does not give it (\(response.status))."))
        }
    }

    private var doing: String { kind == .calendars ? "reading a calendar" : "reading an address book" }
}

import Entries
import HTTP
import ICalendar
import Secrets
import Testing

@testable import Providers

/// Address books: how they are found, and how they are read round by round.
@Suite struct BookTests {
    private static func card(_ uid: String, _ name: String, version: String = "3.0", more: String = "") -> String {
        """
        BEGIN:VCARD\r\nVERSION:\(version)\r\nUID:\(uid)\r\nFN:\(name)\r\nEMAIL:\(uid)@example.org\r\n\(more)END:VCARD\r\n
        """
    }

    /// One book on one server, and what was read of it.
    private final class Book {
        let server = FakeBook()
        let memory = ServerMemory()
        var cursor: String?
        var now = Rig.now

        func read() throws -> FoundPeople? {
            let source = CardDAVSource(
                at: try Address(server.origin + "/"), book: "/cards/alice/people", name: "People",
                means: Rig.means(server, now: now, memory: memory))
            let found = try source.people(since: cursor)
            cursor = found?.cursor ?? cursor
            return found
        }
    }

    @Test func `T11 a card whose UID is too long is set aside, and nobody counts as gone`() throws {
        let book = Book()
        book.server.put("a.vcf", Self.card("a", "Anna"))
        book.server.put("b.vcf", Self.card(String(repeating: "u", count: 1_001), "Bert"))
        let found = try #require(try book.read())
        #expect(names(found) == ["Anna"])
        #expect(found.problems.map(\.problem) == [.tooLarge] && !found.isComplete)
    }

    private func names(_ found: FoundPeople?) -> [String]? { found?.contacts.map(\.name).sorted() }

    // MARK: Finding it

    private func look(
        _ text: String, _ server: FakeBook, services: (String, String) -> [DAVConnect.Service] = { _, _ in [] }
    ) throws -> DAVConnect.Looked {
        try DAVConnect.look(
            text, .people, login: "alice", password: Secret("open sesame"), means: Rig.means(server),
            services: services)
    }

    @Test(arguments: ["https://cards.example.org/", "cards.example.org", "carddavs://cards.example.org/"])
    func `G55 G80 an address book is found from an address and a host`(_ text: String) throws {
        let server = FakeBook()
        let looked = try look(text, server)
        #expect(looked.books.map(\.name) == ["People"])
        #expect(looked.books.map(\.path) == ["/cards/alice/people"])
    }

    @Test func `G55 G80 an address of e-mail leads to the address book that its domain names`() throws {
        let server = FakeBook()
        var asked: [String] = []
        let looked = try look("alice@example.org", server) { service, domain in
            asked.append("\(service).\(domain)")
            return service == "_carddavs._tcp" ? [.init(host: "cards.example.org", port: 443)] : []
        }
        #expect(asked == ["_carddavs._tcp.example.org", "_carddav._tcp.example.org"])
        #expect(looked.books.count == 1)
        #expect(server.requests.first?.address.text == "https://cards.example.org/.well-known/carddav")
    }

    @Test func `G55 G80 where a host has calendars only, the address book is looked for on`() throws {
        let server = FakeBook()
        let calendars = FakeServer(origin: "https://example.org")
        server.other = calendars
        let looked = try look("alice@example.org", server) { service, _ in
            service == "_carddavs._tcp"
                ? [
                    .init(host: "cal.example.org", port: 443, path: "/"),
                    .init(host: "cards.example.org", port: 443),
                ] : []
        }
        #expect(looked.server.address.origin.host == "cards.example.org")
        #expect(looked.books.map(\.name) == ["People"])
        #expect(calendars.requests.contains { $0.address.origin.host == "cal.example.org" })
    }

    // MARK: Reading it

    @Test func `G80 cards of both versions are people, with groups told apart and pictures passed over`() throws {
        let book = Book()
        let picture = "PHOTO;ENCODING=b;TYPE=JPEG:" + String(repeating: "QUJD", count: 200_000) + "\r\n"
        book.server.put("a.vcf", Self.card("ada", "Ada Brandt", more: picture + "BDAY:1990-02-03\r\n"))
        book.server.put("b.vcf", Self.card("bob", "Bob Stone", version: "4.0", more: "BDAY:--0203\r\n"))
        book.server.put("g.vcf", Self.card("team", "Team", version: "4.0", more: "KIND:group\r\nMEMBER:urn:x\r\n"))
        let found = try #require(try book.read())
        #expect(names(found) == ["Ada Brandt", "Bob Stone", "Team"])
        #expect(found.contacts.filter(\.isGroup).map(\.name) == ["Team"])
        #expect(found.isComplete)
        #expect(found.problems.isEmpty)
        #expect(try book.read() == nil)
    }

    @Test func `G63 G80 who is new or changed is told alone, and who is gone by reading everybody`() throws {
        let book = Book()
        book.server.put("a.vcf", Self.card("ada", "Ada Brandt"))
        book.server.put("b.vcf", Self.card("bob", "Bob Stone"))
        _ = try book.read()
        book.server.put("c.vcf", Self.card("cleo", "Cleo New"))
        book.server.put("b.vcf", Self.card("bob", "Bob Rock"))
        let changes = try #require(try book.read())
        #expect(changes.scope == .changes)
        #expect(names(changes) == ["Bob Rock", "Cleo New"])
        book.server.delete("a.vcf")
        let rest = try #require(try book.read())
        #expect(rest.scope == .whole)
        #expect(rest.isComplete)
        #expect(names(rest) == ["Bob Rock", "Cleo New"])
        #expect(try book.read() == nil)
    }

    @Test func `G64 a report of nobody, where the listing shows another token, hides nobody`() throws {
        let book = Book()
        book.server.put("a.vcf", Self.card("ada", "Ada Brandt"))
        book.server.put("b.vcf", Self.card("bob", "Bob Stone"))
        _ = try book.read()
        book.server.delete("a.vcf")
        book.server.forgets = true
        let found = try #require(try book.read())
        #expect(found.scope == .whole)
        #expect(names(found) == ["Bob Stone"])
        #expect(try book.read() == nil)
    }

    @Test func `G64 everybody is compared once a week, for a server may forget to tell`() throws {
        let book = Book()
        book.server.put("a.vcf", Self.card("ada", "Ada Brandt"))
        book.server.put("b.vcf", Self.card("bob", "Bob Stone"))
        _ = try book.read()
        book.server.lose("a.vcf")
        book.now += 6 * 86_400_000
        #expect(try book.read() == nil)
        book.now += 2 * 86_400_000
        let found = try #require(try book.read())
        #expect(found.reason == .reconciliation)
        #expect(names(found) == ["Bob Stone"])
        #expect(try book.read() == nil)
    }

    @Test func `L02 a card that cannot be read takes nobody away, and the others are read`() throws {
        let book = Book()
        book.server.put("a.vcf", Self.card("ada", "Ada Brandt"))
        book.server.put("bad.vcf", "<html>Error</html>")
        let note = "NOTE:\(String(repeating: "A", count: 9 << 20))\r\n"
        book.server.put("huge.vcf", Self.card("h", "Huge", more: note))
        let found = try #require(try book.read())
        #expect(names(found) == ["Ada Brandt"])
        #expect(!found.isComplete)
        #expect(Set(found.problems.map(\.problem)).contains(.tooLarge))
        #expect(found.problems.count == 2)
    }

    @Test func `G71 an address book that is gone is said to be gone`() throws {
        let book = Book()
        book.server.put("a.vcf", Self.card("ada", "Ada Brandt"))
        _ = try book.read()
        book.server.isGone = true
        let failure = #expect(throws: ReadingFailure.self) { try book.read() }
        #expect(failure?.code == "book_gone")
    }
}

/// A CardDAV server in memory with one book.
private final class FakeBook: Transport {
    static let book = "/cards/alice/people/"
    let origin = "https://cards.example.org"
    var requests: [Request] = []
    /// Answers for every other host.
    var other: FakeServer?
    /// Its reports are empty, whatever happened.
    var forgets = false
    var isGone = false
    private var cards: [String: (text: String, version: Int)] = [:]
    private var history: [(name: String, version: Int)] = []
    private var version = 1

    func put(_ name: String, _ text: String) {
        version += 1
        cards[name] = (text, version)
        history.append((name, version))
    }

    func delete(_ name: String) {
        version += 1
        cards[name] = nil
        history.append((name, version))
    }

    /// It is gone, and nothing tells of it.
    func lose(_ name: String) { cards[name] = nil }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        self.requests += requests
        return requests.map { request in
            if let other, request.address.origin.host != "cards.example.org" { return other.send([request])[0] }
            return .success(answer(request))
        }
    }

    private func answer(_ request: Request) -> Response {
        let body = String(decoding: request.body, as: UTF8.self)
        let depth = request.headers.first { $0.name == "Depth" }?.value
        let nothing = Response(status: 404, headers: [], body: [], address: request.address)
        switch (request.method, request.address.path) {
        case ("PROPFIND", "/"), ("PROPFIND", "/.well-known/carddav"):
            let principal = FakeServer.link("/people/alice/")
            return FakeServer.multistatus(
                request,
                FakeServer.response("/", "<D:current-user-principal>\(principal)</D:current-user-principal>"))
        case ("PROPFIND", "/people/alice/"):
            let home = FakeServer.link("/cards/alice/")
            return FakeServer.multistatus(
                request,
                FakeServer.response("/people/alice/", "<A:addressbook-home-set>\(home)</A:addressbook-home-set>"))
        case _ where isGone: return nothing
        case ("PROPFIND", "/cards/alice/"): return FakeServer.multistatus(request, described)
        case ("PROPFIND", Self.book) where depth == "0": return FakeServer.multistatus(request, described)
        case ("PROPFIND", Self.book):
            return FakeServer.multistatus(request, described + cards.keys.sorted().map(tag).joined())
        case ("REPORT", Self.book) where body.contains("sync-collection"): return changes(request, body)
        case ("REPORT", Self.book):
            let names = cards.keys.sorted().filter { body.contains("\(Self.book)\($0)<") }
            let texts = names.map { name in
                let text = FakeServer.escaped(cards[name]?.text ?? "")
                return FakeServer.response(Self.book + name, "<A:address-data>\(text)</A:address-data>")
            }
            return FakeServer.multistatus(request, texts.joined())
        default: return nothing
        }
    }

    private var described: String {
        FakeServer.response(
            Self.book,
            "<D:resourcetype><D:collection/><A:addressbook/></D:resourcetype><D:displayname>People</D:displayname>"
                + "<D:sync-token>urn:token:\(version)</D:sync-token>")
    }

    private func tag(_ name: String) -> String {
        guard let card = cards[name] else { return FakeServer.removed(Self.book + name) }
        return FakeServer.response(Self.book + name, "<D:getetag>\"\(card.version)\"</D:getetag>")
    }

    private func changes(_ request: Request, _ body: String) -> Response {
        let since = body.firstMatch(of: /urn:token:(\d+)</).flatMap { Int($0.1) } ?? version
        let names = forgets ? [] : Set(history.filter { $0.version > since }.map(\.name)).sorted()
        return FakeServer.multistatus(
            request, names.map(tag).joined() + "<D:sync-token>urn:token:\(version)</D:sync-token>")
    }
}

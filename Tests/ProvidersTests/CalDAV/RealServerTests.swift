import Entries
import Foundation
import HTTP
import ICalendar
import Secrets
import Testing

@testable import Providers

/// What must hold on every real server that is installed here.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RealServerTests {
    /// A calendar of its own on a server, and what was read of it.
    private final class Account {
        let server: RealServer
        let recorder: Recorder
        let memory = ServerMemory()
        let path: String
        var shadow = Shadow()

        init(_ product: Product) async throws {
            server = try await RealServer.start(product)
            recorder = Recorder(server.client)
            path = try server.makeCalendar(Rig.means(server.client))
        }

        var means: Means { Rig.means(recorder, memory: memory) }

        func source() throws -> CalDAVSource {
            CalDAVSource(at: try server.address, credentials: try server.credentials, means: means)
        }

        /// One round, with a source of its own as each round has.
        func read() throws -> Shadow.Round? { try shadow.read(try source(), path) }

        /// Nothing is new. SOGo counts in seconds, and DAViCal tells of its last changes again, so that they are looked at twice.
        func isQuiet() throws -> Bool {
            guard let round = try read() else { return true }
            return !server.product.refusesTokens && round.news + round.gone + round.absent == []
        }

        /// UIDs are made the account's own: some servers let each stand in one calendar only.
        func put(_ name: String, _ text: String) throws {
            let own = path.suffix(20).filter { $0 != "/" }
            try server.send("PUT", path + name, text.replacing("UID:", with: "UID:\(own)"))
        }

        func delete(_ name: String) throws { try server.send("DELETE", path + name) }
    }

    // MARK: Finding the account

    @Test(arguments: Product.installed)
    func `G55 an account is found from the root, its principal, its home and one calendar`(_ product: Product)
        async throws
    {
        let server = try await RealServer.start(product)
        let means = Rig.means(server.client)
        let path = try server.makeCalendar(means)
        let looked = try server.look(means)
        let principal = try #require(looked.server.principal)
        let home = try #require(looked.server.calendarHomes.first)
        #expect(looked.calendars.calendars.contains { $0.path == DAVPath.normalised(path) })
        for place in [principal, home, try Address(home.origin.description + path)] {
            let again = try DAVConnect.look(
                place.text, login: server.login, password: server.password, means: Rig.means(server.client)
            ) { _, _ in [] }
            #expect(again.server.calendarHomes == looked.server.calendarHomes)
            #expect(again.calendars.calendars.map(\.path) == looked.calendars.calendars.map(\.path))
        }
    }

    /// The others leave that place to the web server before them.
    @Test(arguments: Product.installed.filter { [.radicale, .xandikos, .cyrus, .davical].contains($0) })
    func `G56 an account is found by following the well-known place`(_ product: Product) async throws {
        let server = try await RealServer.start(product)
        let path = try server.makeCalendar(Rig.means(server.client))
        let looked = try DAVConnect.look(
            try server.address.origin.description + "/.well-known/caldav", login: server.login,
            password: server.password, means: Rig.means(server.client)
        ) { _, _ in [] }
        #expect(looked.calendars.calendars.contains { $0.path == DAVPath.normalised(path) })
        #expect(!looked.server.address.path.contains("well-known"))
    }

    @Test(arguments: Product.installed)
    func `A08 whoever gives the address of one calendar is shown that one first`(_ product: Product) async throws {
        let account = try await Account(product)
        let looked = try DAVConnect.look(
            try account.server.address.origin.description + account.path, login: "alice",
            password: account.server.password, means: account.means
        ) { _, _ in [] }
        let shown = looked.calendars.calendars.filter(\.isShown).map(\.path)
        #expect(shown == [DAVPath.normalised(account.path)])
    }

    @Test(arguments: Product.installed.filter { $0 != .xandikos })
    func `G59 a wrong password is a matter of the account`(_ product: Product) async throws {
        let server = try await RealServer.start(product)
        let failure = #expect(throws: ReadingFailure.self) {
            try DAVConnect.look(
                server.url, login: "alice", password: Secret("wrong"), means: Rig.means(server.client)
            ) { _, _ in [] }
        }
        #expect(failure?.errorClass == .auth)
        #expect(failure?.message.contains("wrong") == false)
    }

    @Test(arguments: Product.installed.filter { ![.xandikos, .sabre1].contains($0) })
    func `A06 the part before the @ is tried where the whole address is no user name`(_ product: Product) async throws {
        let server = try await RealServer.start(product)
        let looked = try DAVConnect.look(
            server.url, login: "alice@example.invalid", password: server.password, means: Rig.means(server.client)
        ) { _, _ in [] }
        #expect(looked.login == "alice")
    }

    /// SOGo makes a calendar for everything, whatever it is told.
    @Test(arguments: Product.installed.filter { ![.xandikos, .sogo].contains($0) })
    func `G60 lists of tasks and boxes are no calendars`(_ product: Product) async throws {
        let server = try await RealServer.start(product)
        let means = Rig.means(server.client)
        let home = try server.look(means).server.calendarHomes[0]
        let name = "tasks-\(UUID().uuidString.lowercased())"
        try server.send(
            "MKCALENDAR", home.path + name + "/",
            """
            <?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>\
            <D:displayname>Tasks</D:displayname><C:supported-calendar-component-set><C:comp name="VTODO"/>\
            </C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>
            """, type: "application/xml; charset=utf-8")
        let paths = try server.look(means).calendars.calendars.map(\.path)
        #expect(!paths.contains { $0.hasSuffix(name) })
        #expect(!paths.contains { $0.lowercased().contains("inbox") || $0.lowercased().contains("outbox") })
    }

    // MARK: Following a calendar

    @Test(arguments: Product.installed)
    func `G63 what is there, then what is added, changed and deleted is seen exactly once`(_ product: Product)
        async throws
    {
        let account = try await Account(product)
        for number in 1...3 { try account.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
        #expect(try account.read()?.news == ["Event 1", "Event 2", "Event 3"])
        #expect(try account.isQuiet())
        try account.put("e4.ics", Rig.event("e4", "Event 4"))
        #expect(try account.read()?.news == ["Event 4"])
        #expect(try account.isQuiet())
        try account.put("e2.ics", Rig.event("e2", "Event 2 changed", more: "SEQUENCE:1"))
        #expect(try account.read()?.news == ["Event 2 changed"])
        #expect(try account.isQuiet())
        try account.delete("e1.ics")
        let last = try #require(try account.read())
        #expect(last.news.isEmpty)
        #expect(last.gone + last.absent == ["e1.ics"])
        #expect(last.scope == (product.canSync ? .changes : .whole))
        #expect(try account.isQuiet())
        #expect(account.shadow.titles == ["Event 2 changed", "Event 3", "Event 4"])
    }

    @Test(arguments: Product.installed)
    func `B06 what is deleted and made again is there again`(_ product: Product) async throws {
        let account = try await Account(product)
        try account.put("e1.ics", Rig.event("e1", "Before"))
        try account.put("e2.ics", Rig.event("e2", "Other"))
        _ = try account.read()
        try account.delete("e1.ics")
        try account.put("e1.ics", Rig.event("e1", "After"))
        #expect(try account.read()?.news == ["After"])
        try account.delete("e1.ics")
        _ = try account.read()
        try account.put("e1.ics", Rig.event("e1", "Again"))
        #expect(try account.read()?.news == ["Again"])
        #expect(account.shadow.titles == ["Again", "Other"])
    }

    /// The second of the last change may go on, as far as SOGo says.
    @Test(arguments: Product.installed.filter { $0 != .sogo })
    func `a calendar that did not change costs no request besides the listing of its home`(_ product: Product)
        async throws
    {
        let account = try await Account(product)
        try account.put("e1.ics", Rig.event("e1", "One"))
        _ = try account.read()
        account.recorder.requests = []
        let source = try account.source()
        for _ in 0..<5 { #expect(try account.shadow.read(source, account.path) == nil) }
        #expect(account.recorder.requests.map(\.method) == ["PROPFIND"])
    }

    @Test(
        arguments: Product.installed.filter(\.canSync),
        [
            "http://nobody.example/none", "data:,1-1",
            "http://radicale.org/ns/sync/" + String(repeating: "0", count: 64),
            "<&> ä\u{1F600}",
        ])
    func `G64 after a token that the server does not know, everything is right again`(
        _ product: Product, _ token: String
    ) async throws {
        let account = try await Account(product)
        for number in 1...3 { try account.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
        _ = try account.read()
        try account.delete("e1.ics")
        try account.put("e2.ics", Rig.event("e2", "Changed"))
        var cursor = try #require(account.shadow.cursor.flatMap(CalDAVCursor.init))
        cursor.token = token
        account.shadow.cursor = cursor.text
        let round = try #require(try account.read())
        if product.refusesTokens {
            #expect(round.scope == .whole)
            #expect(round.reason == .cursorRefused)
        }
        #expect(account.shadow.titles == ["Changed", "Event 3"])
        #expect(try account.isQuiet())
        // The server can still tell what changed, and is asked.
        try account.put("e4.ics", Rig.event("e4", "Four"))
        let last = try #require(try account.read())
        #expect(last.news == ["Four"])
        #expect(last.scope == .changes || !product.refusesTokens)
    }

    @Test(arguments: Product.installed)
    func `B02 a cursor of something else leads to a reading of the whole`(_ product: Product) async throws {
        let account = try await Account(product)
        try account.put("e1.ics", Rig.event("e1", "One"))
        _ = try account.read()
        account.shadow.cursor = "google 1 abc"
        let round = try #require(try account.read())
        #expect(round.scope == .whole)
        #expect(round.reason == .cursorLost)
        #expect(round.handed.isEmpty)
    }

    @Test(arguments: Product.installed)
    func `G71 a calendar that was deleted is said to be gone, and nothing of it`(_ product: Product) async throws {
        let account = try await Account(product)
        try account.put("e1.ics", Rig.event("e1", "One"))
        _ = try account.read()
        let source = try account.source()
        _ = try source.calendars()
        try account.server.send("DELETE", account.path)
        // Deleted behind the listing, and before it.
        account.shadow.cursor = nil
        let behind = #expect(throws: ReadingFailure.self) { try account.shadow.read(source, account.path) }
        #expect(behind?.code == "calendar_gone")
        let before = #expect(throws: ReadingFailure.self) { try account.read() }
        #expect(before?.code == "calendar_gone")
        #expect(before?.errorClass == .permanent)
        #expect(account.shadow.titles == ["One"])
    }

    @Test(arguments: Product.installed.filter { $0 != .xandikos })
    func `G71 a calendar that was renamed keeps its path and tells its name`(_ product: Product) async throws {
        let account = try await Account(product)
        // DAViCal keeps what is written as it is written, and tells “&amp;amp;” afterwards.
        let sign = product == .davical ? "Büro und Haus" : "Büro &amp; Haus"
        try account.server.send(
            "PROPPATCH", account.path,
            """
            <?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>\(sign)</D:displayname>\
            </D:prop></D:set></D:propertyupdate>
            """, type: "application/xml; charset=utf-8")
        let found = try account.source().calendars().calendars.first { $0.path == DAVPath.normalised(account.path) }
        #expect(found?.name == sign.replacing("&amp;", with: "&"))
        #expect(found?.access == .own)
    }

    // MARK: What calendars hold

    @Test(arguments: Product.installed)
    func `B13 a series comes with its changed and its left out occurrences`(_ product: Product) async throws {
        let account = try await Account(product)
        let master = Rig.component(
            "s1", "Weekly", more: "RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE;TZID=Europe/Berlin:20260317T100000")
        let moved = Rig.component(
            "s1", "Moved", day: "20260325", more: "RECURRENCE-ID;TZID=Europe/Berlin:20260324T100000")
        try account.put("s1.ics", Rig.calendar(master + moved))
        _ = try account.read()
        let group = try #require(account.shadow.groups["s1.ics"])
        #expect(group.series?.uid.hasSuffix("s1") == true)
        #expect(group.series?.recurrence.rules.contains("RRULE:FREQ=WEEKLY;COUNT=6") == true)
        #expect(group.meetings.map { $0.details.title } == ["Moved"])
        #expect(group.meetings.first?.originalStart == 1_774_342_800_000)
        try account.put("s1.ics", Rig.calendar(master))
        #expect(try account.read()?.handed == ["s1.ics"])
        #expect(account.shadow.groups["s1.ics"]?.meetings == [])
        #expect(account.shadow.groups["s1.ics"]?.series?.recurrence.exceptions == [])
    }

    @Test(arguments: Product.installed.filter { ![.cyrus, .radicale].contains($0) })
    func `G74 an object with overrides only is the meetings that it names`(_ product: Product) async throws {
        let account = try await Account(product)
        let first = Rig.component("o1", "First", more: "RECURRENCE-ID;TZID=Europe/Berlin:20260310T100000")
        let second = Rig.component(
            "o1", "Second", day: "20260312", more: "RECURRENCE-ID;TZID=Europe/Berlin:20260311T100000")
        try account.put("o1.ics", Rig.calendar(first + second))
        _ = try account.read()
        #expect(account.shadow.titles == ["First", "Second"])
        #expect(account.shadow.groups["o1.ics"]?.series == nil)
    }

    @Test(arguments: Product.installed)
    func `G74 an object that is a task is passed over, and one that becomes a task is emptied`(_ product: Product)
        async throws
    {
        let account = try await Account(product)
        let task = Rig.calendar("BEGIN:VTODO\nUID:t1\nDTSTAMP:20260101T000000Z\nSUMMARY:Task\nEND:VTODO\n")
        guard (try? account.put("t1.ics", task)) != nil else { return }
        try account.put("e1.ics", Rig.event("e1", "One"))
        let round = try #require(try account.read())
        #expect(round.handed == ["e1.ics"])
        #expect(account.shadow.titles == ["One"])
    }

    @Test(arguments: Product.installed)
    func `G70 what is deleted between the listing and the reading is not there, and nothing else is lost`(
        _ product: Product
    ) async throws {
        let account = try await Account(product)
        for number in 1...4 { try account.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
        let reading = try #require(
            try account.source().read(
                CalendarPlace(path: account.path), ReadingWish(cursor: nil, window: Rig.window)))
        try account.delete("e2.ics")
        var groups: [FoundGroup] = []
        try reading.forEachPage(where: { _ in true }, { groups += $0 })
        #expect(groups.map(\.identifier).sorted() == ["e1.ics", "e3.ics", "e4.ics"])
        #expect(groups.allSatisfy { $0.problems.isEmpty })
    }

    @Test(arguments: Product.installed)
    func `G62 names with blanks, signs and other letters are followed`(_ product: Product) async throws {
        let account = try await Account(product)
        let names = ["a%20b@c.ics", "%C3%A9t%C3%A9.ics", "x%2By.ics"]
        var put: [String] = []
        for (number, name) in names.enumerated() where (try? account.put(name, Rig.event("n\(number)", name))) != nil {
            put.append(name)
        }
        _ = try account.read()
        #expect(account.shadow.titles == put.sorted())
        #expect(account.shadow.groups.values.allSatisfy { $0.problems.isEmpty })
        for name in put { try account.delete(name) }
        let round = try #require(try account.read())
        #expect(round.gone.count + round.absent.count == put.count)
        #expect(account.shadow.titles.isEmpty)
    }

    @Test(arguments: Product.installed)
    func `G66 nothing is limited or changed on a server`(_ product: Product) async throws {
        let account = try await Account(product)
        try account.put("e1.ics", Rig.event("e1", "One"))
        _ = try account.read()
        try account.put("e2.ics", Rig.event("e2", "Two"))
        _ = try account.read()
        let bodies = account.recorder.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(!bodies.contains { $0.contains("limit") || $0.contains("nresults") })
        #expect(Set(account.recorder.requests.map(\.method)).isSubset(of: ["PROPFIND", "REPORT", "GET"]))
    }

    @Test(arguments: Product.installed)
    func `many events come in batches, and each once`(_ product: Product) async throws {
        let account = try await Account(product)
        let count = 55
        for number in 0..<count { try account.put("m\(number).ics", Rig.event("m\(number)", "M\(number)")) }
        let round = try #require(try account.read())
        #expect(round.handed.count == count)
        #expect(Set(round.news).count == count)
        #expect(account.shadow.groups.values.allSatisfy { $0.problems.isEmpty && $0.meetings.count == 1 })
    }

    // MARK: Address books

    @Test(arguments: Product.installed)
    func `G80 an address book is found, and who is added, changed and deleted in it is seen`(_ product: Product)
        async throws
    {
        let server = try await RealServer.start(product)
        let memory = ServerMemory()
        let means = Rig.means(server.client, memory: memory)
        if product == .radicale {
            // It makes none by itself.
            try server.send(
                "MKCOL", "/alice/people-\(UUID().uuidString.prefix(8))/",
                """
                <?xml version="1.0"?><D:mkcol xmlns:D="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav"><D:set><D:prop>\
                <D:resourcetype><D:collection/><A:addressbook/></D:resourcetype></D:prop></D:set></D:mkcol>
                """, type: "application/xml; charset=utf-8")
        }
        let looked = try DAVConnect.look(
            server.url + "/", .people, login: server.login, password: server.password, means: means
        ) { _, _ in [] }
        let book = try #require(looked.books.first { $0.access != .read && !$0.path.contains("collected") })
        let own = UUID().uuidString.lowercased().prefix(8)
        func put(_ name: String, _ title: String, _ version: String) throws {
            let text = """
                BEGIN:VCARD\r\nVERSION:\(version)\r\nUID:\(own)-\(name)\r\nFN:\(title)\r\nN:\(title);;;;\r\n\
                EMAIL:\(own)-\(name)@example.org\r\nBDAY:1990-02-03\r\nEND:VCARD\r\n
                """
            try server.send(
                "PUT", DAVPath.escaped(book.path) + "/\(own)-\(name).vcf", text, type: "text/vcard; charset=utf-8")
        }
        var cursor: String?
        func read() throws -> FoundPeople? {
            let source = CardDAVSource(
                at: looked.server.address, book: book.path, credentials: looked.credentials, means: means)
            let found = try source.people(since: cursor)
            cursor = found?.cursor ?? cursor
            return found
        }
        func names(_ found: FoundPeople?) -> [String] {
            found?.contacts.filter { $0.addresses.contains { $0.text.hasPrefix(own) } }.map(\.name).sorted() ?? []
        }
        try put("a", "Ada Brandt", "3.0")
        try put("b", "Bob Stone", product == .sogo ? "3.0" : "4.0")
        #expect(names(try read()) == ["Ada Brandt", "Bob Stone"])
        try put("c", "Cleo Kern", "3.0")
        #expect(names(try read()).contains("Cleo Kern"))
        try put("c", "Cleo Stern", "3.0")
        #expect(names(try read()).contains("Cleo Stern"))
        try server.send("DELETE", DAVPath.escaped(book.path) + "/\(own)-a.vcf")
        let last = try #require(try read())
        #expect(last.scope == .whole)
        #expect(names(last) == ["Bob Stone", "Cleo Stern"])
    }

    // MARK: Cut reports

    @Test(.enabled(if: Product.cyrus.isThere))
    func `G65 a report that is cut is followed to its end, and an interrupted one is made again`() async throws {
        let account = try await Account(.cyrus)
        for number in 1...3 { try account.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
        _ = try account.read()
        for number in 4...9 { try account.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
        try account.delete("e1.ics")
        // Cyrus cuts when it is asked to, and only then; so the reports of Daybook are made to ask.
        account.recorder.change = { request in
            var request = request
            request.body = Array(
                String(decoding: request.body, as: UTF8.self).replacing(
                    "</D:sync-level>", with: "</D:sync-level><D:limit><D:nresults>2</D:nresults></D:limit>"
                ).utf8)
            return request
        }
        let cursor = account.shadow.cursor
        account.recorder.failAfterReports = 2
        #expect(throws: ReadingFailure.self) { try account.read() }
        #expect(account.shadow.cursor == cursor)
        account.recorder.failAfterReports = nil
        account.recorder.requests = []
        let round = try #require(try account.read())
        #expect(round.gone == ["e1.ics"])
        #expect(round.news == (4...9).map { "Event \($0)" })
        let reports = account.recorder.requests.filter {
            String(decoding: $0.body, as: UTF8.self).contains("sync-level")
        }
        #expect(reports.count >= 3)
        #expect(try account.read() == nil)
    }
}

/// Passes requests on and keeps them; may change them, or fail after some.
final class Recorder: Transport {
    var requests: [Request] = []
    var change: (Request) -> Request = { $0 }
    var failAfterReports: Int?
    private let transport: any Transport

    init(_ transport: any Transport) {
        self.transport = transport
    }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        self.requests += requests
        if let left = failAfterReports, requests.contains(where: { $0.method == "REPORT" }) {
            if left == 0 { return requests.map { _ in .failure(HTTPError(.cutOff, "cut off")) } }
            failAfterReports = left - 1
        }
        return transport.send(requests.map(change))
    }
}

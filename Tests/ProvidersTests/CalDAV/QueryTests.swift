import Entries
import HTTP
import Testing

@testable import Providers

/// A calendar of which most is wanted is asked for in one answer.
@Suite struct QueryTests {
    private let account = FakeAccount()

    private func fill(_ count: Int) {
        for number in 0..<count { account.server.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
    }

    /// Answers with so many of all.
    private func answer(_ count: Int, cut: Bool = false) {
        account.server.hook = { [server = account.server] request in
            guard isQuery(request) else { return nil }
            let parts = server.events.sorted { $0.key < $1.key }.prefix(count).map { name, event in
                FakeServer.response(
                    FakeServer.calendar + name, "<C:calendar-data>\(FakeServer.escaped(event.text))</C:calendar-data>")
            }
            var response = FakeServer.multistatus(request, parts.joined())
            if cut { response.body.removeLast(40) }
            return .success(response)
        }
    }

    private func isQuery(_ request: Request) -> Bool { count("calendar-query", in: [request]) == 1 }

    private func count(_ word: String, in requests: [Request]) -> Int {
        requests.count { String(decoding: $0.body, as: UTF8.self).contains(word) }
    }

    @Test func `G70 a large calendar that is new comes in one answer, and nothing is asked for by name`() throws {
        fill(450)
        answer(450)
        #expect(try account.read()?.handed.count == 450)
        #expect(count("calendar-query", in: account.server.requests) == 1)
        #expect(count("calendar-multiget", in: account.server.requests) == 0)
        #expect(account.shadow.titles.count == 450)
    }

    @Test(arguments: [0, 100, 449])
    func `G70 what the answer leaves out is asked for by name`(_ brought: Int) throws {
        fill(450)
        answer(brought)
        #expect(try account.read()?.handed.count == 450)
        #expect(Set(account.shadow.titles).count == 450)
    }

    @Test func `G70 an answer that was cut loses nothing`() throws {
        fill(450)
        answer(450, cut: true)
        #expect(try account.read()?.handed.count == 450)
        #expect(Set(account.shadow.titles).count == 450)
    }

    @Test(arguments: [HTTPError.Kind.tooLarge, .tooSlow, .timedOut])
    func `a server that cannot give everything at once is not asked for it each time`(_ kind: HTTPError.Kind) throws {
        fill(250)
        account.server.hook = { isQuery($0) ? .failure(HTTPError(kind, "no")) : nil }
        #expect(try account.read()?.handed.count == 250)
        account.shadow = Shadow()
        #expect(try account.read()?.handed.count == 250)
        #expect(count("calendar-query", in: account.server.requests) == 1)
    }

    @Test func `a refused login while everything is asked for is a refused login`() throws {
        fill(250)
        account.server.hook = { isQuery($0) ? .success(FakeServer.error($0, 401)) : nil }
        let failure = #expect(throws: ReadingFailure.self) { try account.read() }
        #expect(failure?.errorClass == .auth)
    }

    @Test(arguments: [500, 2_000])
    func `G65 a listing that ends at a round number, and does not say so, loses nothing`(_ cut: Int) throws {
        fill(520)
        account.server.listsAtMost = cut
        #expect(try account.read()?.handed.count == 520)
        // A listing that seems whole is asked for once.
        #expect(
            account.server.requests.contains { $0.method == "PROPFIND" && $0.address.path == FakeServer.calendar }
                == (cut == 500))
    }

    @Test func `few changes of many are asked for by name`() throws {
        fill(450)
        answer(450)
        _ = try account.read()
        account.server.requests = []
        for number in 0..<20 { account.server.put("e\(number).ics", Rig.event("e\(number)", "Changed \(number)")) }
        #expect(try account.read()?.news.count == 20)
        #expect(count("calendar-query", in: account.server.requests) == 0)
    }
}

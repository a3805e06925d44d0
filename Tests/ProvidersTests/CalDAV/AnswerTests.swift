import Entries
import HTTP
import Testing

@testable import Providers

/// What servers write into their answers, and what must never follow from it.
@Suite(.timeLimit(.minutes(1))) struct AnswerTests {
    private func account() throws -> FakeAccount {
        let account = FakeAccount()
        for number in 1...3 { account.server.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
        _ = try account.read()
        account.shadow.cursor = nil
        return account
    }

    private func isListing(_ request: Request) -> Bool {
        request.method == "PROPFIND" && request.address.path == FakeServer.calendar
    }

    @Test func `L01 G16 a listing that is cut anywhere fails the reading, and nothing counts as gone`() throws {
        let account = try account()
        let known = account.shadow.groups
        var whole: [UInt8] = []
        account.server.hook = { request in
            guard isListing(request), !whole.isEmpty else { return nil }
            return .success(Response(status: 207, headers: [], body: whole, address: request.address))
        }
        let address = try Address("https://cal.example.org" + FakeServer.calendar)
        let request = DAVClient(transport: account.server).propfind(address, depth: 1, DAVMember.properties)
        let listing = try account.server.send(request).body
        for end in stride(from: 1, to: listing.count, by: 7) {
            whole = Array(listing[..<end])
            #expect(throws: ReadingFailure.self) { try account.read() }
        }
        #expect(account.shadow.groups == known)
    }

    @Test(arguments: [
        "", "<html><body>Sign in</body></html>", "not XML", "<D:multistatus xmlns:D=\"DAV:\"/>",
        "<D:multistatus xmlns:D=\"DAV:\"></D:multistatus>", "<D:error xmlns:D=\"DAV:\"/>", "{}",
        "<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/elsewhere/</D:href></D:response></D:multistatus>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><D:multistatus xmlns:D=\"DAV:\">&x;</D:multistatus>",
    ])
    func `L01 an answer that tells nothing fails the reading`(_ body: String) throws {
        let account = try account()
        account.server.hook = { request in
            guard isListing(request) else { return nil }
            return .success(Response(status: 207, headers: [], body: Array(body.utf8), address: request.address))
        }
        let failure = #expect(throws: ReadingFailure.self) { try account.read() }
        #expect(["malformed_answer", "empty_answer"].contains(failure?.code))
        #expect(account.shadow.titles.count == 3)
    }

    @Test func `L01 paths outside the calendar leave the listing incomplete`() throws {
        let account = try account()
        account.server.hook = { request in
            guard isListing(request) else { return nil }
            return .success(
                FakeServer.multistatus(
                    request,
                    FakeServer.response(FakeServer.calendar + "e1.ics", "<D:getetag>\"2\"</D:getetag>")
                        + FakeServer.response("/elsewhere/e2.ics", "<D:getetag>\"3\"</D:getetag>")))
        }
        #expect(try account.read()?.isComplete == false)
        #expect(account.shadow.titles.count == 3)
    }

    @Test func `an empty calendar is empty`() throws {
        let account = FakeAccount()
        let round = try #require(try account.read())
        #expect(round.isComplete)
        #expect(round.handed.isEmpty)
    }

    @Test func `G73 several propstats and several answers for one resource are one resource`() throws {
        let account = FakeAccount()
        account.server.put("e1.ics", Rig.event("e1", "One"))
        account.server.hook = { request in
            guard isListing(request) else { return nil }
            let path = FakeServer.calendar + "e1.ics"
            return .success(
                FakeServer.multistatus(
                    request,
                    """
                    <D:response><D:href>\(path)</D:href>
                    <D:propstat><D:prop><D:resourcetype/></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>
                    <D:propstat><D:prop><D:x/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>
                    <D:propstat><D:prop><D:getetag>"2"</D:getetag></D:prop><D:status>HTTP/2 200</D:status></D:propstat>
                    <unknown xmlns="urn:x">words</unknown></D:response>
                    """ + FakeServer.response(path, "<D:getcontenttype>text/calendar</D:getcontenttype>")))
        }
        #expect(try account.read()?.handed == ["e1.ics"])
        #expect(account.shadow.groups["e1.ics"]?.mark == "\"2\"")
    }

    @Test func `several addresses of one answer share its status`() throws {
        let body = FakeServer.multistatus(
            Request("GET", try Address("https://a.example")),
            "<D:response><D:href>/a</D:href><D:href>/b</D:href><D:status>HTTP/1.1 404 x</D:status></D:response>"
        ).body
        var found: [String] = []
        _ = try Multistatus.read(body) { found.append("\($0.href) \($0.status ?? 0)") }
        #expect(found == ["/a 404", "/b 404"])
    }

    @Test func `G73 control characters in one event do not hide the others`() throws {
        let account = FakeAccount()
        account.server.put("e1.ics", Rig.event("e1", "One\u{B}\u{1}"))
        account.server.put("e2.ics", Rig.event("e2", "Two"))
        #expect(try account.read()?.handed == ["e1.ics", "e2.ics"])
        #expect(account.shadow.titles.last == "Two")
    }

    @Test(arguments: ["W/\"a\"", "unquoted", "\"with \\\" quote\"", "'single'"])
    func `G72 an ETag is a mark however it is written`(_ tag: String) throws {
        let account = FakeAccount()
        account.server.put("e1.ics", Rig.event("e1", "One"), tag: tag)
        _ = try account.read()
        #expect(account.shadow.groups["e1.ics"]?.mark == tag)
        account.shadow.cursor = nil
        #expect(try account.read()?.handed == [])
    }

    @Test func `G72 what has no ETag is read each time the calendar is listed, and is news only once`() throws {
        let account = FakeAccount()
        account.server.hasToken = false
        account.server.hasTag = false
        account.server.put("e1.ics", Rig.event("e1", "One"))
        account.server.events["e1.ics"]?.tag = nil
        #expect(try account.read()?.news == ["One"])
        account.now += 60_000
        let round = try #require(try account.read())
        #expect(round.handed == ["e1.ics"])
        #expect(round.news.isEmpty)
        account.now += 60_000
        account.server.events["e1.ics"]?.text = Rig.event("e1", "Changed")
        #expect(try account.read()?.news == ["Changed"])
    }

    @Test func `G67 without token and tag a listing shows that nothing changed`() throws {
        let account = FakeAccount()
        account.server.hasToken = false
        account.server.hasTag = false
        account.server.put("e1.ics", Rig.event("e1", "One"))
        _ = try account.read()
        #expect(try account.read() == nil)
        account.server.put("e2.ics", Rig.event("e2", "Two"))
        #expect(try account.read()?.news == ["Two"])
    }

    @Test func `G73 a listing of thousands is read`() throws {
        let account = FakeAccount()
        account.server.hook = { request in
            guard isListing(request) else { return nil }
            let members = (0..<5_000).map {
                "<D:response><D:href>/dav/alice/work/\($0).ics</D:href><D:propstat><D:prop><D:getetag>\"\($0)\"</D:getetag></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
            }
            return .success(FakeServer.multistatus(request, members.joined()))
        }
        let reading = try account.source.read(
            CalendarPlace(path: FakeServer.calendar), ReadingWish(cursor: nil, window: Rig.window))
        #expect(reading?.items.count == 5_000)
    }

    @Test func `L02 what is listed and cannot be read is there, with its problem`() throws {
        let account = FakeAccount()
        account.server.put("good.ics", Rig.event("g", "Good"))
        account.server.put("bad.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:b\r\nDTSTART:2026")
        account.server.put("page.ics", "<html>Error</html>")
        account.server.put("closed.ics", "")
        account.server.put("ruled.ics", Rig.event("r", "Ruled", more: "RRULE:FREQ=SOMETIMES"))
        account.server.hook = { request in
            request.address.path.hasSuffix("closed.ics") ? .success(FakeServer.error(request, 403)) : nil
        }
        let round = try #require(try account.read())
        #expect(round.handed == ["bad.ics", "closed.ics", "good.ics", "page.ics", "ruled.ics"])
        #expect(round.isComplete)
        let broken = account.shadow.groups.filter { !$0.value.problems.isEmpty }
        #expect(broken.keys.sorted() == ["bad.ics", "closed.ics", "page.ics", "ruled.ics"])
        #expect(broken.values.allSatisfy { $0.meetings.isEmpty && $0.series == nil })
        // What may be the fault of a moment is tried again.
        account.shadow.cursor = nil
        #expect(try account.read()?.handed == ["bad.ics", "closed.ics", "page.ics"])
    }

    @Test func `G74 two events in one resource are both kept, also where one is a series`() throws {
        let account = FakeAccount()
        account.server.put(
            "two.ics",
            Rig.calendar(
                Rig.component("a", "Alone") + Rig.component("b", "Often", more: "RRULE:FREQ=DAILY;COUNT=3")))
        _ = try account.read()
        #expect(account.shadow.titles == ["Alone", "Often", "Often", "Often"])
        let group = try #require(account.shadow.groups["two.ics"])
        #expect(group.series == nil)
        #expect(Set(group.meetings.map(\.uid)) == ["a", "b"])
        account.server.delete("two.ics")
        #expect(try account.read()?.gone == ["two.ics"])
    }

    @Test func `B06 what was an event and is a task now holds nothing any more`() throws {
        let account = FakeAccount()
        account.server.put("x.ics", Rig.event("x", "Event"))
        _ = try account.read()
        account.server.put("x.ics", Rig.calendar("BEGIN:VTODO\nUID:x\nSUMMARY:Task\nEND:VTODO\n"))
        account.server.put("y.ics", Rig.calendar("BEGIN:VTODO\nUID:y\nSUMMARY:Task\nEND:VTODO\n"))
        #expect(try account.read()?.handed == ["x.ics"])
        #expect(account.shadow.titles.isEmpty)
    }
}

import Entries
import Foundation
import Ledger
import Machine
import Secrets
import Testing

@testable import Application

/// The chain behind every activity, and what becomes of an audit when an entry was altered.
@Suite struct AuditTests {
    private func audit(_ read: ReadHome, _ change: (inout AuditRequest) -> Void = { _ in }) throws -> AuditRequest.Audit
    {
        var request = AuditRequest(user: nil)
        change(&request)
        return try read.home.ask(request)
    }

    @Test func `K06 an activity is followed back to its match, its meeting and its reading`() throws {
        let read = try ReadHome()
        let address = try read.address("bea@brandt.example", "Bea Brandt")
        try read.person("bea", "Bea Brandt", [address])
        let meeting = try read.meeting("m", "Review", hours: -5, with: [address])
        let fetch = try read.finishReading(run: "r1")
        try read.finishReading(run: "r2")
        let match = try read.match(address, "bea")
        let activity = try read.log("a", "m", "bea", cause: match)
        let audit = try audit(read)
        let audited = try #require(audit.activities.first)
        #expect(audited.chain.map(\.step) == ["fetch", "meeting", "match", "activity"])
        #expect(audited.chain.map(\.position) == [fetch, meeting, match, activity])
        #expect(audited.chain.allSatisfy { $0.isVerified && $0.hash.count == 64 })
        #expect((audited.rule, audited.confidence) == ("email_exact", 100))
        #expect(audit.isIntact)
        let root = try read.home.door.open { try $0.head.root.hexadecimal }.answer
        #expect(audit.root == root)
    }

    @Test func `the match is the newest before the activity, where the activity does not name it`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        try read.meeting("m", "Review", hours: -5, with: [bea])
        let second = try read.match(bea, "bea", .manual)
        try read.log("a", "m", "bea")
        try read.match(bea, "bea")
        let audited = try #require(try audit(read).activities.first)
        #expect(audited.chain.first { $0.step == "match" }?.position == second)
    }

    @Test func `a chain without its match is broken, and that is said`() throws {
        let read = try ReadHome()
        try read.person("bea", "Bea Brandt")
        try read.meeting("m", "Review", hours: -5)
        try read.log("a", "m", "bea")
        let audit = try audit(read)
        #expect(!audit.isIntact)
        #expect(audit.activities.first?.problems.first?.contains("whose address") == true)
    }

    @Test func `what was written down by hand needs no meeting and no match`() throws {
        let read = try ReadHome()
        try read.bea()
        _ = try read.home.ask(AddActivityRequest(user: nil, person: "Bea"))
        let audit = try audit(read)
        #expect(audit.activities.first?.chain.map(\.step) == ["activity"])
        #expect(audit.isIntact)
    }

    @Test func `K01 an altered entry is named, and only the chains through it are broken`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        let altered = try read.meeting("m", "Canary", hours: -5, with: [bea])
        try read.meeting("n", "Other", hours: -4, with: [bea])
        try read.log("a", "m", "bea")
        try read.log("b", "n", "bea")
        // Enough entries behind it that opening the home does not look at it.
        try read.home.append(
            (1...80).map { _ in Draft(FeedClosed(), stream: "feed/f", owner: read.owner, actor: "test") })
        var bytes = try Folder.read(read.home.folder.ledger)
        let place = try #require(Data(bytes).range(of: Data("\"Canary\"".utf8)))
        bytes[place.lowerBound + 1] = UInt8(ascii: "X")
        try Folder.replace(read.home.folder.ledger, with: bytes)
        let audit = try audit(read)
        #expect(!audit.isIntact)
        #expect(audit.activities.map(\.problems.isEmpty) == [false, true])
        #expect(audit.activities.first?.problems.first?.contains("entry \(altered)") == true)
        #expect(audit.findings.contains { $0.contains("entry \(altered)") })
    }

    @Test func `an audit can be of one person, and of one range`() throws {
        let read = try ReadHome()
        try read.bea()
        try read.person("carl", "Carl Cohn")
        _ = try read.home.ask(AddActivityRequest(user: nil, person: "Bea"))
        _ = try read.home.ask(AddActivityRequest(user: nil, person: "Carl"))
        #expect(try audit(read) { $0.person = "Carl" }.activities.map(\.personName) == ["Carl Cohn"])
        #expect(try audit(read) { $0.until = "yesterday" }.activities.isEmpty)
        #expect(try audit(read) { $0.since = "today" }.activities.count == 2)
        #expect(read.home.refusal(AuditRequest(user: "Eve"))?.kind == .notFound)
    }

    @Test func `T23 the file of an audit is guarded against formulas too`() throws {
        let read = try ReadHome()
        try read.bea()
        var request = AddActivityRequest(user: nil, person: "Bea")
        request.details.title = "=HYPERLINK(1)"
        _ = try read.home.ask(request)
        #expect(AuditTable.csv(try audit(read), isRaw: false).contains("\"'=HYPERLINK(1)\""))
    }

    @Test func `E03 the audit names what became of an activity after it was logged`() throws {
        let it = try DecidingHome(
            [
                DecidingHome.Event(
                    uid: "a", title: "Planning", day: "20251210T0900", people: [DecidingHome.jane])
            ], people: [DecidingHome.jane])
        let activity = try #require(try it.home.ask(ActivitiesRequest()).activities.first).activity
        _ = try it.home.ask(RetractActivityRequest(user: nil, activity: activity))
        let audit = try it.home.ask(AuditRequest(user: nil))
        let audited = try #require(audit.activities.first)
        #expect(audited.chain.filter { $0.step == "change" }.map(\.type) == ["activity.retracted"])
        let lines = AuditTable.csv(audit, isRaw: false).split(separator: "\r\n")
        #expect(lines.last?.contains("activity.retracted") == true)
        #expect(lines.last?.contains("\"by_hand\"") == true)
    }
}

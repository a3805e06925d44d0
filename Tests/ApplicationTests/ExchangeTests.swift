import Entries
import Foundation
import Ledger
import Secrets
import Testing

@testable import Application

/// Requests and answers as bytes: whoever asks over a socket gets what he would get in the process.
@Suite struct ExchangeTests {
    /// A request of each kind, with everything in it that it can have.
    private static func requests(_ home: RunningHome) -> [any Request] {
        var log = LogRequest()
        log.types = ["user.added"]
        log.owner = "Ada"
        log.since = 0
        log.until = 9_000_000_000_000
        log.isBackwards = true
        log.limit = 5
        let item = AppendRequest.Item(
            type: "user.changed", stream: "user/u", owner: "Ada", actor: "test", cause: 2, key: "0a0b",
            expectedVersion: 1,
            data: #"{"user":"u"}"#, personal: #"{"name":"Zoë \"the\" 日本\u202e"}"#)
        // What names a file of its own home in an entry comes last: from there on the hashes of the two differ.
        return ConnectingSamples.requests(home) + DecidingSamples.requests(home)
            + AccessSamples.requests + ReadingSamples.requests() + [
                ReplayRequest(user: nil, changes: ["names=on"]), ConfirmReadingRequest(user: nil, connection: nil),
                AppendRequest(items: [item]), log,
                LogRequest(), ShowRequest(position: 2), CheckAddressRequest(Confided(Secret("https://dav.example/"))),
                CheckpointRequest(accepts: false, note: "a note"), ProveRequest(position: 2, withPersonal: true),
                ProveRequest(position: 2, withPersonal: false), VerifyRequest(kept: [], withViews: true),
                RebuildRequest(only: ["metrics"], verifies: true), RebuildRequest(only: [], verifies: false),
                LookBackRequest(position: 2, instant: nil, path: home.path("then.db")), MetricsRequest(),
                KeyRequest(), RotateKeyRequest(), KeyRequest(),
                BackupRequest(path: home.path("a.backup")),
                EraseRequest(positions: [2], reason: .mistake, note: "Why."),
                RepairRequest(isDryRun: false),
                UploadPeopleRequest(
                    user: nil, book: "Sent", format: .vcard,
                    text: "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Di Dahl\r\nEND:VCARD\r\n"),
            ]
    }

    @Test func `every request has a sample here`() throws {
        let home = try RunningHome()
        // The second step of a grant needs what the first one answers; ConnectingTests takes both.
        // A second backup holds where the first one lies, and the doctor counts what is open: no two answers are the same.
        // Two meetings have to be copies of each other before anything is decided about them.
        let elsewhere: Set = [
            ResolveConflictRequest.name, UndoConflictRequest.name, FinishGrantRequest.name, BackupFolderRequest.name,
            DoctorRequest.name,
        ]
        let sampled = Set(Self.requests(home).map { type(of: $0).name }).union(elsewhere)
        #expect(Set(AllRequests.all.map { $0.name }) == sampled)
        #expect(AllRequests.all.count == AllRequests.byName.count)
    }

    @Test func `every request and its answer survive the way as bytes`() throws {
        // Two homes of one seed are the same to the byte, so that the answers must be.
        let here = try RunningHome(seed: 4)
        let there = try RunningHome(seed: 4)
        let requests = zip(Self.requests(here), Self.requests(there))
        let open = (try OpenHome(here.folder, here.options), try OpenHome(there.folder, there.options))
        for (request, same) in requests {
            let direct = try Self.answer(request, in: open.0)
            let sent = try Self.answerAsBytes(same, in: open.1)
            #expect(
                sent.split(separator: there.place).joined(separator: here.place) == direct, "\(type(of: request).name)")
            #expect(direct.count >= 2)
        }
    }

    private static func answer<SomeRequest: Request>(_ request: SomeRequest, in home: OpenHome) throws -> String {
        try json(request.answer(in: home))
    }

    private static func answerAsBytes<SomeRequest: Request>(_ request: SomeRequest, in home: OpenHome) throws -> String
    {
        let bytes = Exchange.answer(try Exchange.bytes(of: request), in: home)
        return try json(try Exchange.read(bytes, as: SomeRequest.self).answer)
    }

    @Test func `a refusal travels as it is`() throws {
        let home = try RunningHome()
        let open = try OpenHome(home.folder, home.options)
        let request = ShowRequest(position: 99)
        let direct = #expect(throws: Refusal.self) { _ = try request.answer(in: open) }
        let bytes = Exchange.answer(try Exchange.bytes(of: request), in: open)
        let sent = #expect(throws: Refusal.self) { _ = try Exchange.read(bytes, as: ShowRequest.self) }
        #expect(sent == direct)
        #expect(sent?.hint != nil)
    }

    @Test func `what a person should know travels beside the answer`() throws {
        let home = try RunningHome()
        try FileManager.default.removeItem(atPath: home.folder.headNote)
        let open = try OpenHome(home.folder, home.options)
        let bytes = Exchange.answer(try Exchange.bytes(of: LogRequest()), in: open)
        let (page, notices) = try Exchange.read(bytes, as: LogRequest.self)
        #expect(page.entries.count == 2)
        #expect(notices == open.notices)
        #expect(notices.count == 1)
    }

    static let garbled: [String] = [
        "", "rubbish", "{", "[]", "null", "5", #""log""#, "{}", #"{"request":5}"#, #"{"request":"teleport","body":{}}"#,
        #"{"request":"log"}"#, #"{"request":"log","body":5}"#, #"{"request":"log","body":{"types":"user.added"}}"#,
        #"{"request":"show","body":{}}"#, #"{"request":"show","body":{"position":"2"}}"#,
        #"{"request":"show","body":{"position":2.5}}"#, #"{"request":"show","body":{"position":99999999999999999999}}"#,
        #"{"request":"erase","body":{"positions":[2],"reason":"whim"}}"#,
        #"{"request":"erase","body":{"positions":"2","reason":"request"}}"#,
        #"{"request":"append","body":{"items":[{"type":"user.added"}]}}"#, #"{"request":"LOG","body":{}}"#,
        String(repeating: "[", count: 100_000), "{\"request\":\"log\",\"body\":{\"limit\":\"\u{0}\"}}",
    ]

    @Test(arguments: garbled)
    func `bytes that are no request are refused, and change nothing`(_ text: String) throws {
        let home = try RunningHome()
        let open = try OpenHome(home.folder, home.options)
        let refusal = #expect(throws: Refusal.self) {
            _ = try Exchange.read(Exchange.answer(Array(text.utf8), in: open), as: LogRequest.self)
        }
        #expect(refusal?.kind == .badRequest)
        #expect(try open.head.size == 2)
        #expect(try open.reader.entry(2)?.content.personal != nil)
    }

    @Test func `bytes that are no text are refused`() throws {
        let home = try RunningHome()
        let open = try OpenHome(home.folder, home.options)
        let refusal = #expect(throws: Refusal.self) {
            _ = try Exchange.read(Exchange.answer([0xff, 0xfe, 0x00, 0x80], in: open), as: LogRequest.self)
        }
        #expect(refusal?.kind == .badRequest)
    }
}

import Entries
import Foundation
import HTTP
import Machine
import Rehearsal
import Secrets
import Testing

@testable import Application

/// Others who are told of what happens.
@Suite struct HookTests {
    let home: RunningHome
    let receiver = Receiver()

    init() throws {
        home = try RunningHome()
        home.options.network = Network(transport: { [receiver] _ in receiver }, wait: { _ in })
        home.options.network.program = { [receiver] words, input in receiver.take(words, input) }
    }

    /// Whoever is told; it answers with what it was given, one after the other, and takes everything after that.
    final class Receiver: Transport, Sendable {
        struct Heard {
            let id, time, signature: String
            let body: [UInt8]
        }

        let answers = Guarded<[Int]>([])
        let heard = Guarded<[Heard]>([])
        let programs = Guarded<[[String]]>([])

        func send(_ requests: [HTTP.Request]) -> [Result<Response, HTTPError>] {
            requests.map { request in
                let header = { (name: String) in request.headers.first { $0.name == name }?.value ?? "" }
                heard.with {
                    $0.append(
                        Heard(
                            id: header("webhook-id"), time: header("webhook-timestamp"),
                            signature: header("webhook-signature"), body: request.body))
                }
                let status = answers.with { $0.isEmpty ? 204 : $0.removeFirst() }
                return .success(Response(status: status, headers: [], body: [], address: request.address))
            }
        }

        func take(_ words: [String], _ input: [UInt8]) -> Int32 {
            programs.with { $0.append(words + [String(decoding: input, as: UTF8.self)]) }
            return Int32(answers.with { $0.isEmpty ? 0 : $0.removeFirst() })
        }

        var ids: [String] { heard.with { $0.map(\.id) } }
    }

    private func raise(_ message: String, owner: String? = nil) throws -> Int64 {
        var alert = AlertRaised()
        alert.message = message
        return try home.write(alert, stream: "connection/c", owner: owner ?? home.made.user)
    }

    @discardableResult
    private func add(_ change: (inout AddHookRequest) -> Void = { _ in }) throws -> AddHookRequest.Answer {
        var request = AddHookRequest(user: nil, hookName: "crm")
        request.address = Confided(Secret("https://crm.example/in?key=CANARY"))
        change(&request)
        return try home.ask(request)
    }

    @Test func `T5 an address that may not be opened is refused when it is named`() throws {
        for address in ["http://127.0.0.1:9917/in", "https://10.0.0.5/in", "https://crm.example:25/in"] {
            let refusal = #expect(throws: Refusal.self) { try add { $0.address = Confided(Secret(address)) } }
            #expect(refusal?.hint?.contains("allowed-hosts") == true)
        }
        #expect(try home.ask(HooksRequest(user: nil)).hooks.isEmpty)
    }

    @Test func `what is wrong with a hook is told in words, and by hand it is tried at once`() throws {
        try add()
        receiver.answers.with { $0 = [503, 500] }
        _ = try raise("one")
        #expect(try deliver().failed == 1)
        home.time.jump(by: 10_000)
        #expect(try deliver().failed == 1)
        let shown = try #require(try home.ask(HooksRequest(user: nil)).hooks.first)
        #expect(shown.message == "it answered with 500" && shown.waiting == 1)
        let found = try home.ask(DoctorRequest(user: nil)).first { $0.name == "hook “crm”" }
        #expect(found?.state == .warning && found?.finding == "it was not told: it answered with 500")
        #expect(try deliver().told == 0)
        #expect(try home.ask(RunJobRequest(user: nil, job: "deliver")).report.created == 1)
        #expect(try home.ask(HooksRequest(user: nil)).hooks.first?.waiting == 0)
    }

    private func deliver() throws -> HookCourier.Summary {
        try home.door.open { try HookCourier(home: $0).run() }.answer
    }

    private func shown() throws -> HooksRequest.Shown {
        try #require(try home.ask(HooksRequest(user: nil)).hooks.first)
    }

    @Test func `a signature is that of Standard Webhooks`() {
        let key = [UInt8](base64: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") ?? []
        let text = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}"
        #expect(
            MessageCode.make(Array(text.utf8), key: key).base64 == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `what happens is told in order, once, and signed`() throws {
        let secret = try #require(try add().secret).secret.reveal { $0 }
        let positions = [try raise("a"), try raise("b"), try raise("c")]
        #expect(try deliver().told == 3)
        #expect(try deliver().told == 0)
        #expect(receiver.ids.map { $0.split(separator: "_").last.map(String.init) } == positions.map { String($0) })
        let first = try #require(receiver.heard.with { $0.first })
        let code = MessageCode.make(
            Array("\(first.id).\(first.time).".utf8) + first.body,
            key: try #require([UInt8](base64: String(secret.dropFirst("whsec_".count)))))
        #expect(first.signature == "v1,\(code.base64)")
        let told = try #require(try JSONSerialization.jsonObject(with: Data(first.body)) as? [String: Any])
        #expect(told["type"] as? String == "alert.raised")
        #expect((told["data"] as? [String: Any])?["position"] as? Int64 == positions[0])
    }

    @Test func `T27 what is personal is told only where its owner wants it`() throws {
        try add()
        try add { ($0.hookName, $0.withPersonal) = ("mine", true) }
        _ = try raise("SECRET WORDS")
        _ = try deliver()
        let bodies = receiver.heard.with { $0.map { String(decoding: $0.body, as: UTF8.self) } }
        #expect(bodies.map { $0.contains("SECRET WORDS") } == [false, true])
    }

    @Test func `T26 a member is told of nothing that is another's`() throws {
        _ = try home.ask(AddUserRequest(user: nil, newName: "Bea"))
        try add { $0.user = "Bea" }
        _ = try raise("Ada's")
        #expect(try deliver().told == 0)
        var all = AddHookRequest(user: "Bea", hookName: "all")
        (all.address, all.isOfAll) = (Confided(Secret("https://crm.example/")), true)
        #expect(home.refusal(all) != nil)
        var program = AddHookRequest(user: "Bea", hookName: "program")
        program.command = ["/bin/true"]
        #expect(home.refusal(program) != nil)
    }

    @Test func `T26 who hears of everybody's hears nothing personal of others`() throws {
        let bea = try home.ask(AddUserRequest(user: nil, newName: "Bea")).user
        try add { ($0.isOfAll, $0.withPersonal) = (true, true) }
        _ = (try raise("BEAS WORDS", owner: bea), try raise("ADAS WORDS"))
        #expect(try deliver().told == 2)
        let bodies = receiver.heard.with { $0.map { String(decoding: $0.body, as: UTF8.self) } }
        #expect(bodies.map { $0.contains("WORDS") } == [false, true])
    }

    @Test(arguments: ["removed", "demoted"])
    func `T26 whoever is removed, or no administrator any more, has nobody told`(_ how: String) throws {
        var second = AddUserRequest(user: nil, newName: "Bea")
        second.isAdmin = true
        _ = try home.ask(second)
        try add { ($0.user, $0.isOfAll) = ("Bea", true) }
        _ = try raise("a")
        #expect(try deliver().told == 1)
        if how == "removed" {
            _ = try home.ask(RemoveUserRequest(user: nil, account: "Bea"))
        } else {
            var change = ChangeUserRequest(user: nil, account: "Bea")
            change.role = "member"
            _ = try home.ask(change)
        }
        _ = try raise("b")
        #expect(try deliver() == HookCourier.Summary())
        #expect(receiver.ids.count == 1)
    }

    @Test func `what is not taken is told again under the same id, later and later, and what follows waits`() throws {
        try add()
        _ = (try raise("a"), try raise("b"))
        receiver.answers.with { $0 = [500, 503] }
        #expect(try deliver().failed == 1)
        #expect(try deliver().failed == 0)
        home.time.jump(by: 10_000)
        #expect(try deliver().failed == 1)
        #expect(try shown().attempts == 2)
        home.time.jump(by: 60_000)
        #expect(try deliver().told == 0)
        home.time.jump(by: 10 * 60_000)
        #expect(try deliver().told == 2)
        #expect(Set(receiver.ids.prefix(3)).count == 1)
        #expect(try shown().attempts == 0)
    }

    @Test func `after ten attempts a message is given up, the next has its turn, and a replay brings it back`() throws {
        try add()
        let (lost, next) = (try raise("a"), try raise("b"))
        receiver.answers.with { $0 = Array(repeating: 500, count: 10) }
        for _ in 0..<10 {
            #expect(try deliver().failed == 1)
            let state = try shown()
            if let retry = state.retry { home.time.jump(by: max(0, retry - home.time.now()) + 1) }
        }
        #expect(try home.ask(DeadMessagesRequest(user: nil, hook: "crm")).messages.map(\.entry) == [lost])
        #expect(try deliver().told == 1)
        _ = try home.ask(ReplayHookRequest(user: nil, hook: "crm", after: lost - 1))
        #expect(try deliver().told == 2)
        #expect(receiver.ids.suffix(2).map { $0.hasSuffix("_\(lost)") } == [true, false])
        #expect(receiver.ids.last?.hasSuffix("_\(next)") == true)
    }

    @Test func `who takes nothing for five days is told nothing more`() throws {
        try add()
        _ = try raise("a")
        receiver.answers.with { $0 = Array(repeating: 500, count: 100) }
        #expect(try deliver().failed == 1)
        home.time.jump(by: 6 * 86_400_000)
        #expect(try deliver().ended == 1)
        #expect(try shown().ended == "failing")
    }

    @Test func `who says that nobody is there any more is told nothing more`() throws {
        try add()
        _ = (try raise("a"), try raise("b"))
        receiver.answers.with { $0 = [410] }
        #expect(try deliver().ended == 1)
        #expect(try deliver().told == 0)
        #expect(receiver.ids.count == 1)
        #expect(try shown().ended == "gone")
    }

    @Test func `G05 a program hears of alerts on its standard input, without a shell`() throws {
        try add {
            $0.address = nil
            $0.command = ["/usr/local/bin/page", "--to", "$(me) ; rm"]
        }
        let position = try raise("a")
        receiver.answers.with { $0 = [1] }
        #expect(try deliver().failed == 1)
        home.time.jump(by: 20_000)
        #expect(try deliver().told == 1)
        let heard = receiver.programs.with { $0 }
        #expect(heard.count == 2)
        #expect(heard[0].prefix(3) == ["/usr/local/bin/page", "--to", "$(me) ; rm"])
        #expect(heard[0].last?.contains("\"position\":\(position)") == true)
    }

    @Test func `T4 no entry and no answer holds the address or the secret`() throws {
        let secret = try #require(try add().secret).secret.reveal { $0 }
        _ = try home.ask(RemoveHookRequest(user: nil, hook: "crm"))
        let ledger = try Data(contentsOf: URL(filePath: home.folder.ledger))
        for canary in ["CANARY", secret] { #expect(ledger.range(of: Data(canary.utf8)) == nil) }
        #expect(try home.ask(HooksRequest(user: nil)).hooks.isEmpty)
    }

    @Test(arguments: ["ftp://crm.example/", "file:///etc/passwd", "nothing at all"])
    func `what is no address of the web is refused`(_ address: String) {
        var request = AddHookRequest(user: nil, hookName: "crm")
        request.address = Confided(Secret(address))
        #expect(home.refusal(request)?.field == "address")
    }
}

/// Programs that are really started.
@Suite struct ProgramTests {
    @Test func `a program gets its words as they are, its input, and little of the environment`() throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: place) }
        let words = ["/bin/sh", "-c", "cat > \"$0\"; printf ' %s' \"$1\" \"$SHELL$USER\" >> \"$0\"", place, "a;b $(c)"]
        #expect(try Program.run(words, input: Array("heard".utf8), milliseconds: 20_000) == 0)
        #expect(try String(contentsOfFile: place, encoding: .utf8) == "heard a;b $(c) ")
    }

    @Test func `its status is told, one that is not there is an error, and one that reads nothing does no harm`() throws
    {
        #expect(try Program.run(["/bin/sh", "-c", "exit 3"], input: [], milliseconds: 20_000) == 3)
        #expect(throws: MachineError.self) {
            try Program.run(["/nowhere/program"], input: [], milliseconds: 20_000)
        }
        let much = [UInt8](repeating: 65, count: 1 << 20)
        #expect(try Program.run(["/bin/true"], input: much, milliseconds: 20_000) == 0)
    }

    @Test func `what takes too long is ended`() throws {
        #expect(try Program.run(["/bin/sh", "-c", "sleep 60 & sleep 60"], input: [], milliseconds: 100) == 137)
    }
}

import Foundation
import HTTP
import Machine
import Providers
import Rehearsal
import Secrets
import Sync
import Testing

@testable import Application

/// Secrets that would be known again wherever they turned up.
@Suite struct CanaryTests {
    private static let password = "CanaryPassword-52ff0c"
    private static let wrong = "CanaryWrong-91ab3d"
    private static let path = "CanaryPath-08d41e"
    private static let query = "CanaryQuery-6be2f7"
    private static let clientSecret = "CanaryClient-3c9d55"
    private static let echo = "CanaryEcho-17f0aa"

    @Test func `G18 no secret is anywhere but in the vault, whatever goes right or wrong`() throws {
        let home = try ContractHome()
        home.listens = true
        var secrets = [Self.password, Self.wrong, Self.path, Self.query, Self.clientSecret, Self.echo]
        try readFeed(home)
        if Kind.here.contains(.radicale) { try failAtServer(home) }
        if Kind.here.contains(.xandikos) { try readServer(home) }
        secrets += try readGranted(home, GoogleSide(client: ("client-of-google", Self.clientSecret)))
        secrets += try readGranted(home, MicrosoftSide(client: ("client-of-microsoft", Self.clientSecret)))
        try askEverything(home)
        _ = home.refusal(of: BackupRequest(path: home.place + "/a.backup"))
        let key = String(decoding: try Folder.read(home.folder.masterKey), as: UTF8.self).filter { !$0.isWhitespace }
        try search(home, secrets, key: key)
    }

    // MARK: What is done

    private func readFeed(_ home: ContractHome) throws {
        let side = try FeedSide(path: "/\(Self.path)/work.ics?key=\(Self.query)")
        try side.put(.past)
        try side.connect(home)
        try home.sync()
        let feed = home.connection
        // Answers that repeat what was asked, and none at all.
        home.spoil { _ in "<html>There is no /\(Self.path)/work.ics?key=\(Self.query) here</html>" }
        try home.sync(isFull: true)
        home.spoil { $0 }
        try side.removeCalendar()
        try home.sync(isFull: true)
        _ = home.refusal(of: TestConnectionRequest(user: nil, connection: feed))
        for address in [
            "\(side.address ?? "")/\(Self.path)?key=\(Self.query)", "http://127.0.0.1:1/\(Self.path)?\(Self.query)",
            "https://no-such-host.invalid/\(Self.path)?\(Self.query)", "\(Self.path) \(Self.query)",
            "ftp://127.0.0.1/\(Self.path)", "https://me:\(Self.wrong)@127.0.0.1:1/\(Self.path)",
            "http://10.0.0.1/\(Self.path)?\(Self.query)", "webcal://127.0.0.1:1/\(Self.path)#\(Self.query)",
        ] {
            for isPlain in [false, true] {
                var request = ConnectServerRequest(.feed, address: Confided(Secret(address)))
                request.allowsPlain = isPlain
                #expect(home.refusal(of: request) != nil, "\(address)")
            }
        }
    }

    private func failAtServer(_ home: ContractHome) throws {
        let side = try DAVSide(on: .radicale)
        side.password = Self.wrong
        #expect(throws: Refusal.self) { try side.connect(home) }
        side.password = "secret"
        try side.connect(home)
        var again = ReconnectServerRequest(user: nil, connection: home.connection)
        again.password = Confided(Secret(Self.wrong))
        #expect(home.refusal(of: again) != nil)
        again.address = Confided(Secret("http://127.0.0.1:1/\(Self.path)"))
        #expect(home.refusal(of: again) != nil)
    }

    private func readServer(_ home: ContractHome) throws {
        let side = try DAVSide(on: .xandikos)
        side.password = Self.password
        try side.put(.other)
        try side.connect(home)
        try home.sync()
        try side.removeCalendar()
        try home.sync(isFull: true)
        _ = home.refusal(of: TestConnectionRequest(user: nil, connection: home.connection))
    }

    /// Answers the tokens and the words that were exchanged for them.
    private func readGranted(_ home: ContractHome, _ side: EmulatorSide) throws -> [String] {
        var secrets: [String] = []
        try side.put(.weekly)
        side.heard = { _, redirected in secrets += Self.words(redirected, ["code"]) }
        try side.wire.control("PUT", "consent", ["mode": "deny", "error": "access_denied"])
        #expect(throws: Refusal.self) { try side.connect(home) }
        try side.wire.control("PUT", "consent", ["mode": "allow"])
        let token = side.kind == .google ? "/token" : "/common/oauth2/v2.0/token"
        try side.wire.control("POST", "faults", ["match": token, "kind": "status:400|message:\(Self.echo)"])
        #expect(throws: Refusal.self) { try side.connect(home) }
        try side.wire.control("DELETE", "faults")
        try side.connect(home)
        try home.sync()
        secrets += try home.tokens()
        // They end, and are renewed.
        home.time.jump(by: 2 * 3_600_000)
        try side.wire.control("POST", "tokens/expire", ["user": Meeting.me.email])
        try side.change("weekly") { $0.title = "Daily" }
        try home.sync()
        secrets += try home.tokens()
        for fault in ["status:403|message:\(Self.echo)", "status:500|message:\(Self.echo)", "garbage", "html"] {
            try side.wire.control("POST", "faults", ["match": "*", "kind": fault, "times": 0])
            try home.sync(isFull: true)
            _ = home.refusal(of: TestConnectionRequest(user: nil, connection: home.connection))
            try side.wire.control("DELETE", "faults")
        }
        try side.wire.control("POST", "tokens/revoke", ["user": Meeting.me.email, "why": "revoked"])
        try home.sync(isFull: true)
        #expect(Set(secrets).count >= 5, "\(side.kind) gave no secrets")
        return secrets
    }

    /// The values of some parameters of an address.
    private static func words(_ address: String, _ names: [String]) -> [String] {
        address.split(whereSeparator: { "?&#".contains($0) }).compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, names.contains(String(parts[0])) else { return nil }
            return String(parts[1]).removingPercentEncoding
        }
    }

    private func askEverything(_ home: ContractHome) throws {
        for request in [
            ConnectionsRequest(user: nil), CalendarsRequest(user: nil), StatusRequest(user: nil),
            SettingsRequest(user: nil), ProvidersRequest(user: nil), MetricsRequest(), LogRequest(),
            MeetingsRequest(), ActivitiesRequest(), AuditRequest(user: nil), SuggestionsRequest(user: nil),
            VerifyRequest(kept: [], withViews: true), KeyRequest(), UsersRequest(user: nil), SyncRequest(),
        ] as [any Application.Request] { home.askAloud(request) }
        let last = try #require(Int64(try home.rows("SELECT MAX(position) FROM entry_index")[0]))
        for position in 1...last { _ = try home.ask(ShowRequest(position: position)) }
        for connection in try home.ask(ConnectionsRequest(user: nil)).connections {
            home.askAloud(RemoveConnectionRequest(user: nil, connection: connection.connection))
        }
        home.askAloud(RemoveProviderRequest(user: nil, provider: "google"))
        try home.close()
        home.hear(Doctor.look(at: home.folder, home.options))
    }

    // MARK: What is looked for

    private func search(_ home: ContractHome, _ secrets: [String], key: String) throws {
        let files = try home.files()
        #expect(files["vault.db"] != nil)
        #expect(home.said.count > 100)
        // What is looked for would be found.
        #expect(home.said.contains { $0.contains("127.0.0.1") } && home.said.contains { $0.contains("Planning") })
        #expect(files["ledger.db"].map { Data($0).range(of: Data("Planning".utf8)) != nil } == true)
        let backup = try Folder.read(home.place + "/a.backup")
        for secret in Set(secrets) {
            let forms = [
                secret, Data(secret.utf8).base64EncodedString(), Data("alice:\(secret)".utf8).base64EncodedString(),
            ]
            for form in forms {
                let bytes = Data(form.utf8)
                for (name, content) in files where !name.hasPrefix("vault.db") {
                    #expect(Data(content).range(of: bytes) == nil, "“\(form)” is in \(name)")
                }
                // Sealed there too.
                for name in files.keys where name.hasPrefix("vault.db") {
                    #expect(Data(files[name] ?? []).range(of: bytes) == nil, "“\(form)” is in \(name)")
                }
                #expect(Data(backup).range(of: bytes) == nil, "“\(form)” is in the backup")
                for text in home.said + home.notices {
                    #expect(!text.contains(form), "“\(form)” was said: \(text.prefix(400))")
                }
            }
        }
        #expect(key.count == 64)
        for (name, content) in files where name != "master.key" {
            #expect(Data(content).range(of: Data(key.utf8)) == nil, "the key is in \(name)")
        }
        for text in home.said + home.notices { #expect(!text.contains(key)) }
    }
}

extension ContractHome {
    /// What a request is refused with; nil where it is answered.
    func refusal<SomeRequest: Application.Request>(of request: SomeRequest) -> Refusal? {
        do {
            _ = try ask(request)
            return nil
        } catch {
            return error as? Refusal ?? Refusal(.failed, "no refusal, but: \(error)")
        }
    }

    func askAloud<SomeRequest: Application.Request>(_ request: SomeRequest) { _ = refusal(of: request) }

    /// The tokens that the vault keeps.
    func tokens() throws -> [String] {
        try inside { home in
            let tokens = try home.secrets(made.user, connection).secret(.tokens).map { try TokenSet(sealedForm: $0) }
            return [tokens?.access, tokens?.refresh].compactMap { $0?.reveal { $0 } }
        }
    }
}

import Entries
import Foundation
import HTTP
import Machine
import Providers
import Rehearsal
import Secrets
import Synchronization
import Testing
import Vault

@testable import Application

/// Connecting what lies elsewhere: tried first, kept only when it works, and shown nowhere.
@Suite struct ConnectingTests {
    private let home: RunningHome
    private let internet: SmallInternet

    init() throws {
        home = try RunningHome(zone: "UTC")
        internet = home.reach(SmallInternet())
    }

    private func server(_ password: String = "secret") -> ConnectServerRequest {
        var request = ConnectServerRequest(.caldav, address: Confided(Secret("https://dav.example/")))
        (request.login, request.password) = ("ada", Confided(Secret(password)))
        return request
    }

    private func feed(_ path: String = "CANARY-FEED.ics") -> ConnectServerRequest {
        ConnectServerRequest(.feed, address: Confided(Secret("https://feeds.example/\(path)")))
    }

    private var connections: [ConnectionsRequest.Shown] {
        get throws { try home.ask(ConnectionsRequest(user: nil)).connections }
    }

    private func entries() throws -> Int { try home.ask(LogRequest()).entries.count }

    // MARK: A test before anything is stored

    @Test func `A06 what the server refuses is not stored`() throws {
        let before = try entries()
        let refusal = try #require(home.refusal(server("wrong")))
        #expect(refusal.kind == .needsCredentials)
        #expect(refusal.message.contains("dav.example"))
        #expect(!refusal.description.contains("wrong"))
        #expect(try entries() == before)
        #expect(try connections.isEmpty)
    }

    @Test(arguments: [nil, "no certificate"])
    func `A06 a file of certificates is looked at before anything is asked`(_ text: String?) throws {
        let path = home.path("authorities.pem")
        if let text { try write(text, to: path) }
        var request = server()
        request.authorities = path
        let refusal = try #require(home.refusal(request))
        #expect(refusal.kind == .badRequest && refusal.message.contains(path))
        #expect(internet.requests.isEmpty)
    }

    @Test func `A06 a server is connected with the calendars that it shows`() throws {
        let connected = try home.ask(server())
        #expect(connected.calendars.map(\.name) == ["Team"])
        #expect(connected.calendars.allSatisfy { $0.isChosen })
        let shown = try #require(try connections.first)
        #expect((shown.provider, shown.login, shown.link) == ("caldav", "ada", "https://dav.example/"))
    }

    @Test func `A02 what is not said has its default, and what is said is kept`() throws {
        var request = feed()
        request.terms.minutes = 60
        _ = try home.ask(server())
        _ = try home.ask(request)
        let shown = try connections
        #expect(shown.map(\.minutes) == [15, 60])
        #expect(shown.map(\.fromDays) == [90, 90])
        #expect(shown.allSatisfy { $0.isSyncEnabled && $0.isAutoLogEnabled })
    }

    @Test(arguments: [(4, "every"), (1_441, "every")])
    func `A03 a frequency beyond its range is refused with its name and the range`(_ minutes: Int64, _ field: String)
        throws
    {
        var request = feed()
        request.terms.minutes = minutes
        let refusal = try #require(home.refusal(request))
        #expect(refusal.kind == .badRequest)
        #expect(refusal.message.contains(field) && refusal.message.contains("5 to 1440"))
    }

    @Test func `a preview says what would be logged, and stores nothing`() throws {
        var person = AddPersonRequest(user: nil)
        (person.newName, person.emails) = ("Jane Doe", ["jane@doe.example"])
        _ = try home.ask(person)
        let before = try entries()
        var request = feed()
        (request.isDryRun, request.isPreviewed) = (true, true)
        let preview = try #require(try home.ask(request).preview)
        #expect((preview.meetings, preview.activities) == (2, 2))
        #expect(preview.logged.map(\.personName) == ["Jane Doe", "Jane Doe"])
        #expect(preview.logged.allSatisfy { $0.title != nil && $0.occurred != nil })
        #expect(preview.alreadyLogged == 0)
        #expect(try entries() == before)
    }

    @Test func `a preview of what is logged already says so`() throws {
        var person = AddPersonRequest(user: nil)
        (person.newName, person.emails) = ("Jane Doe", ["jane@doe.example"])
        _ = try home.ask(person)
        try write(internet.feed, to: home.path("same.ics"))
        _ = try home.ask(ConnectFilesRequest(path: home.path("same.ics")))
        _ = try home.ask(SyncRequest())
        var request = feed()
        (request.isDryRun, request.isPreviewed) = (true, true)
        let preview = try #require(try home.ask(request).preview)
        #expect((preview.activities, preview.alreadyLogged, preview.logged.isEmpty) == (0, 2, true))
    }

    @Test func `L63 a server that is not opened is refused before a password is typed, with all that must be allowed`()
        throws
    {
        var allow = ChangeSettingRequest(user: nil, setting: "allowed-hosts", value: "nas.lan")
        allow.isHomeWide = true
        _ = try home.ask(allow)
        for (address, place) in [
            ("http://127.0.0.1:51669/", "nas.lan,127.0.0.1:51669"), ("10.1.2.3", "nas.lan,10.1.2.3"),
            ("https://[fd00::1]:8080/", "'nas.lan,[fd00::1]:8080'"),
        ] {
            let refusal = home.refusal(CheckAddressRequest(Confided(Secret(address))))
            #expect(refusal?.hint == "daybook settings set allowed-hosts \(place) --home-wide", "\(address)")
        }
        for address in ["https://dav.example/", "ada@brandt.example", "nas.lan"] {
            #expect(home.refusal(CheckAddressRequest(Confided(Secret(address)))) == nil, "\(address)")
        }
        #expect(internet.requests.isEmpty)
    }

    @Test func `a feed that is not connected yet is not to be connected again, and a file is no feed`() throws {
        internet.isFeedThere = false
        #expect(home.refusal(feed())?.message == "feeds.example has no calendar at that address (404)")
        var plain = ConnectServerRequest(.feed, address: Confided(Secret("http://feeds.example/x")))
        #expect(home.refusal(plain)?.hint?.contains("--allow-http") == true)
        for address in ["/tmp/x.ics", "file:///tmp/x.ics"] {
            plain.address = Confided(Secret(address))
            #expect(home.refusal(plain)?.kind == .badRequest)
            #expect(home.refusal(plain)?.hint == "daybook connect ics /tmp/x.ics")
        }
    }

    @Test func `connecting the same again makes no second connection`() throws {
        let first = try home.ask(server())
        let second = try home.ask(server())
        #expect(second.wasConnected)
        #expect(first.connection == second.connection)
        #expect(try connections.count == 1)
    }

    @Test func `A02 connecting the same again says under which name it is known, and what was not applied`() throws {
        var named = server()
        named.terms.name = "Radi"
        let first = try home.ask(named)
        var again = server()
        (again.terms.name, again.terms.email, again.terms.fromDays) = ("Other", "o@x.example", 10)
        (again.terms.toDays, again.isDryRun, again.isPreviewed) = (30, true, true)
        let before = try entries()
        let looked = try home.ask(again)
        #expect((looked.name, looked.wasConnected, looked.isDryRun) == ("Radi", true, true))
        #expect(looked.preview == nil)
        #expect(try entries() == before)
        (again.isDryRun, again.isPreviewed) = (false, false)
        _ = try home.ask(ChooseCalendarsRequest(user: nil, calendars: ["Team"], isChosen: false))
        let second = try home.ask(again)
        #expect(second.connection == first.connection)
        #expect(second.name == "Radi" && second.email == first.email)
        #expect(second.notApplied == ["name", "email", "from_days"])
        // What is read is what was chosen, and not what a new connection would choose.
        #expect(second.calendars.map(\.isChosen) == [false])
    }

    @Test(arguments: [("https://dav.example/", false), ("http://dav.example/", true)])
    func `L63 it is said when a password goes out unencrypted`(_ address: String, _ isPlain: Bool) throws {
        var request = server()
        request.address = Confided(Secret(address))
        #expect(try home.ask(request).isPasswordPlain == isPlain)
        var again = ReconnectServerRequest(user: nil, connection: try #require(try connections.first?.connection))
        again.password = Confided(Secret("secret"))
        #expect(try home.ask(again).isPasswordPlain == isPlain)
        #expect(try !home.ask(feed()).isPasswordPlain)
    }

    // MARK: Reading

    @Test func `a feed is read, and one that is gone keeps what was read`() throws {
        _ = try home.ask(feed())
        let round = try #require(try home.ask(SyncRequest()).users.first)
        #expect(round.readings.map(\.outcome) == ["read"])
        internet.isFeedThere = false
        let failed = try #require(try home.ask(SyncRequest()).users.first?.readings.first)
        #expect((failed.outcome, failed.errorClass) == ("failed", "permanent"))
        #expect(try home.ask(ConnectionsRequest(user: nil)).connections.first?.items == 2)
    }

    @Test func `G19 a server that wants to be left alone is asked by no connection of the account`() throws {
        _ = try home.ask(feed("one.ics"))
        _ = try home.ask(feed("two.ics"))
        _ = try home.ask(server())
        internet.busySeconds = 3_600
        let asked = internet.requests.count
        let readings = try #require(try home.ask(SyncRequest()).users.first).readings
        #expect(readings.map(\.outcome) == ["failed", "failed", "failed"])
        #expect(internet.requests[asked...].map(\.address.origin.host) == ["feeds.example", "dav.example"])
    }

    @Test
    func `F15 what one connection has asked is counted for all of the account at the server, and for nobody else`()
        throws
    {
        let waits = Waits()
        let quick = SmallInternet()
        home.options.network = Network(transport: { _ in quick }, wait: { waits.add($0) })
        home.options.now = { 1_750_000_000_000 }
        _ = try home.door.open { home in
            func ask(_ account: String?, _ host: String, times: Int) throws -> Bool {
                let before = waits.count
                let request = HTTP.Request("GET", try Address("https://\(host)/"))
                for _ in 0..<times {
                    _ = home.patient(home.transport(try home.networkRules()), account: account).send([request])
                }
                return waits.count > before
            }
            try #expect(!ask("ada", "feeds.example", times: 75))
            try #expect(ask("ada", "feeds.example", times: 1))
            try #expect(!ask("bob", "feeds.example", times: 1))
            try #expect(!ask("ada", "other.example", times: 1))
            try #expect(!ask(nil, "feeds.example", times: 1))
        }
    }

    private final class Waits: Sendable {
        private let number = Atomic(0)
        var count: Int { number.load(ordering: .relaxed) }
        func add(_ milliseconds: Int64) { number.wrappingAdd(1, ordering: .relaxed) }
    }

    @Test func `A07 refused credentials ask for being connected again, and nothing is lost`() throws {
        _ = try home.ask(server())
        internet.password = "another"
        _ = try home.ask(SyncRequest())
        #expect(try connections.first?.needsReconnect == true)
        let asked = internet.requests.count
        #expect(try home.ask(SyncRequest()).users.first?.readings.map(\.outcome) == ["skipped"])
        #expect(internet.requests.count == asked)
        var again = ReconnectServerRequest(user: nil, connection: try #require(try connections.first?.connection))
        again.password = Confided(Secret("another"))
        _ = try home.ask(again)
        #expect(try connections.first?.needsReconnect == false)
        #expect(try home.ask(SyncRequest()).users.first?.readings.map(\.outcome) != ["skipped"])
    }

    @Test func `a test says that a server works, or why not`() throws {
        let id = try home.ask(server()).connection
        #expect(try home.ask(TestConnectionRequest(user: nil, connection: id)).works)
        internet.password = "another"
        let answer = try home.ask(TestConnectionRequest(user: nil, connection: id))
        #expect((answer.works, answer.errorClass) == (false, "auth"))
    }

    @Test func `A11 L13 a removed connection leaves no secret behind`() throws {
        let id = try home.ask(server()).connection
        _ = try home.ask(RemoveConnectionRequest(user: nil, connection: id))
        let names = try home.door.open { try $0.vault().names(owner: home.made.user, connection: id) }.answer
        #expect(names.isEmpty)
        #expect(try home.ask(LogRequest()).entries.contains { $0.type == "credential.destroyed" })
    }

    // MARK: Grants

    private func registered() throws {
        var provider = SetProviderRequest(user: nil, provider: "google", clientID: "id.example")
        provider.clientSecret = Confided(Secret("CANARY-CLIENT"))
        _ = try home.ask(provider)
    }

    private func begin() throws -> BeginGrantRequest.Answer {
        try home.ask(BeginGrantRequest(user: nil, provider: "google", way: .manual))
    }

    private func finish(_ begun: BeginGrantRequest.Answer, _ answer: String? = nil) -> FinishGrantRequest {
        var request = FinishGrantRequest(user: nil, grant: begun.grant)
        request.redirected = Confided(Secret(answer ?? "http://127.0.0.1/?state=\(begun.state)&code=CODE"))
        return request
    }

    @Test func `A05 an unknown client is told what to do first`() throws {
        let refusal = try #require(home.refusal(BeginGrantRequest(user: nil, provider: "google", way: .manual)))
        #expect(refusal.hint?.contains("daybook provider set google") == true)
    }

    @Test func `A05 G28 a grant in two steps connects the account, by its real calendar`() throws {
        try registered()
        let connected = try #require(try home.ask(finish(begin())).connected)
        #expect(connected.email == "ada@brandt.example")
        #expect(connected.calendars.map(\.isPrimary) == [true])
        #expect(try home.ask(SyncRequest()).users.first?.readings.map(\.outcome) == ["read"])
    }

    @Test(arguments: ["people/1", nil])
    func `A05 contacts are connected whether or not Google says whose they are`(_ owner: String?) throws {
        try registered()
        internet.owner = owner
        func connect(again: String? = nil) throws -> ConnectedAnswer {
            var begin = BeginGrantRequest(user: nil, provider: "google", way: .manual)
            begin.isForPeople = true
            var request = finish(try home.ask(begin))
            request.reconnecting = again
            return try #require(try home.ask(request).connected)
        }
        let connected = try connect()
        #expect((connected.subject, connected.wasConnected) == ("people", false))
        let again = try connect(again: connected.connection)
        #expect(again.connection == connected.connection && again.wasConnected)
        #expect(try connections.count == 1)
        #expect(try home.ask(SyncRequest()).users.first?.readings.map(\.outcome) == ["read"])
    }

    @Test func `A05 what is no answer to a grant is a mistake and no refusal`() throws {
        try registered()
        let begun = try begin()
        let nonsense = try #require(home.refusal(finish(begun, "hello")))
        #expect(nonsense.kind == .badRequest)
        // The page waits still.
        #expect(try home.ask(finish(begun)).connected != nil)
        let device = BeginGrantRequest(user: nil, provider: "google", way: .device)
        #expect(home.refusal(device)?.kind == .badRequest)
    }

    @Test func `T1 an answer is good once, for its own question, and for ten minutes`() throws {
        try registered()
        let begun = try begin()
        _ = try home.ask(finish(begun))
        #expect(home.refusal(finish(begun))?.kind == .needsCredentials)
        let (one, other) = (try begin(), try begin())
        #expect(home.refusal(finish(one, "http://127.0.0.1/?state=\(other.state)&code=x")) != nil)
        #expect(home.refusal(finish(one)) != nil)
        let late = try begin()
        home.time.jump(by: 11 * 60_000)
        #expect(home.refusal(finish(late))?.message == "the page ran out after ten minutes")
    }

    @Test func `L61 a refused grant says what it means`() throws {
        try registered()
        internet.grant = (400, #"{"error":"invalid_client"}"#)
        let refusal = try #require(home.refusal(finish(try begin())))
        #expect(refusal.message.hasPrefix("Google does not know this client"))
        #expect(refusal.hint?.hasSuffix("daybook provider set google --client-secret-file FILE") == true)
    }

    // MARK: The end of a grant

    private func removed(_ connection: String) throws -> RemoveConnectionRequest.Removed {
        try home.ask(RemoveConnectionRequest(user: nil, connection: connection))
    }

    @Test func `A11 Google is told when a connection is removed, and not when somebody only looks`() throws {
        try registered()
        let id = try #require(try home.ask(finish(begin())).connected).connection
        var look = RemoveConnectionRequest(user: nil, connection: id)
        look.isDryRun = true
        #expect(try home.ask(look).grant == nil)
        #expect(internet.revoked.isEmpty)
        #expect(try removed(id).grant?.state == .revoked)
        #expect(internet.revoked.map { $0.contains("token=CANARY-REFRESH") } == [true])
        #expect(try connections.isEmpty)
    }

    @Test func `A11 a provider that cannot be told keeps nothing from being removed`() throws {
        try registered()
        let first = try #require(try home.ask(finish(begin())).connected).connection
        internet.revocation = 500
        let grant = try #require(try removed(first).grant)
        #expect(grant.state == .untold && grant.reason?.isEmpty == false, "\(grant)")
        #expect(grant.page == "https://myaccount.google.com/connections")
        #expect(internet.revoked.count == 1)
        let second = try #require(try home.ask(finish(begin())).connected).connection
        _ = try home.ask(RemoveProviderRequest(user: nil, provider: "google"))
        #expect(try removed(second).grant?.state == .untold)
        #expect(try connections.isEmpty)
        #expect(internet.revoked.count == 1)
    }

    @Test func `A11 a grant that another connection may need is left, for Google ends all of them`()
        throws
    {
        try registered()
        let id = try #require(try home.ask(finish(begin())).connected).connection
        var contacts = ConnectionAdded()
        (contacts.connection, contacts.provider, contacts.account, contacts.subject) = ("c", .google, "a", .people)
        try home.write(contacts, stream: "connection/c")
        #expect(try removed(id).grant?.state == .shared)
        #expect(internet.revoked.isEmpty)
    }

    @Test func `A11 at Microsoft the owner of the account is told where to take a grant back`() throws {
        _ = try home.ask(SetProviderRequest(user: nil, provider: "microsoft", clientID: "id"))
        var added = ConnectionAdded()
        (added.connection, added.provider, added.account) = ("c", .microsoft, "a")
        try home.write(added, stream: "connection/c")
        let tokens = TokenSet(access: Secret("a"), refresh: Secret("r"), expires: 0, scopes: [], granted: 0)
        let owner = home.made.user
        _ = try home.door.open { try $0.secrets(owner, "c").keep(tokens.sealedForm(), .tokens) }
        let grant = try #require(try removed("c").grant)
        #expect(grant.state == .byHand)
        #expect(
            grant.page.contains("https://account.microsoft.com/") && grant.page.contains("https://myapps.microsoft.com")
        )
        #expect(internet.requests.isEmpty)
    }

    @Test func `a connection that no provider granted has no grant to end`() throws {
        #expect(try removed(home.ask(server()).connection).grant == nil)
    }

    // MARK: Secrets

    /// As a kill leaves them between the vault and the ledger.
    private func keepSecrets(of connection: String) throws {
        let owner = home.made.user
        _ = try home.door.open { try $0.secrets(owner, connection).keep(Secret("left"), .password) }
    }

    private func kept() throws -> [String] {
        try home.door.open { try $0.vault().places().map(\.connection).filter { $0 != "sealers" } }.answer.sorted()
    }

    @Test func `secrets of a connection that never came to be are destroyed by the next one, when they are old enough`()
        throws
    {
        try keepSecrets(of: "orphan")
        let first = try home.ask(feed("one.ics")).connection
        #expect(try kept() == [first, "orphan"].sorted())
        home.time.jump(by: 5 * 60_000)
        _ = try home.ask(feed("one.ics"))
        #expect(try kept() == [first, "orphan"].sorted())
        home.time.jump(by: 6 * 60_000)
        var look = feed("two.ics")
        look.isDryRun = true
        _ = try home.ask(look)
        #expect(try kept() == [first, "orphan"].sorted())
        let doctor = Doctor.look(at: home.folder, home.options)
        #expect(doctor.contains { $0.name == "secrets of nothing" && $0.state == .warning })
        let told = try home.door.ask(feed("two.ics"))
        #expect(try kept() == [first, told.answer.connection].sorted())
        #expect(told.notices.contains { $0.contains("cut short") })
        #expect(!Doctor.look(at: home.folder, home.options).contains { $0.name == "secrets of nothing" })
        #expect(try home.ask(SyncRequest()).users.first?.readings.map(\.outcome) == ["read", "read"])
    }

    @Test func `secrets of the home, of providers and of grants that wait are no orphans, and a new key leaves them`()
        throws
    {
        try registered()
        let begun = try begin()
        try keepSecrets(of: "orphan")
        home.time.jump(by: 11 * 60_000)
        let later = try begin()
        _ = try home.ask(RotateKeyRequest())
        #expect(try kept() == ["grant/\(later.grant)", "provider/google"].sorted())
        #expect(begun.grant != later.grant)
        #expect(try home.ask(finish(later)).connected != nil)
    }

    @Test func `G20 secrets of a connection that is removed are destroyed at the next opening, however young`() throws {
        let id = try home.ask(feed("one.ics")).connection
        let other = try home.ask(feed("two.ics")).connection
        _ = try home.ask(RemoveConnectionRequest(user: nil, connection: id))
        #expect(try kept() == [other])
        // As a kill leaves them between the ledger and the vault.
        try keepSecrets(of: id)
        #expect(try home.door.ask(StatusRequest(user: nil)).notices.contains { $0.contains("cut short") })
        #expect(try kept() == [other])
        #expect(try home.ask(SyncRequest()).users.first?.readings.map(\.outcome) == ["read"])
    }

    @Test func `G20 a removal that cannot be written destroys nothing`() throws {
        let id = try home.ask(feed("one.ics")).connection
        try Folder.remove(home.folder.headNote)
        #expect(home.refusal(RemoveConnectionRequest(user: nil, connection: id))?.kind == .notConfirmed)
        #expect(try kept() == [id])
    }

    @Test func `while the ledger may have lost its end no secret is destroyed`() throws {
        let id = try home.ask(feed("one.ics")).connection
        try keepSecrets(of: "orphan")
        home.time.jump(by: 11 * 60_000)
        try Folder.remove(home.folder.headNote)
        #expect(try home.door.open { try OrphanedSecrets(home: $0).places().count }.answer == 0)
        #expect(home.refusal(RotateKeyRequest())?.kind == .notConfirmed)
        #expect(try kept() == [id, "orphan"].sorted())
    }

    @Test func `G18 L65 canaries in every credential appear nowhere but in the vault`() throws {
        try registered()
        var answers: [String] = []
        func ask<SomeRequest: Application.Request>(_ request: SomeRequest) throws {
            answers.append(String(decoding: try JSONEncoder().encode(home.ask(request)), as: UTF8.self))
        }
        internet.password = "CANARY-PASSWORD"
        try ask(server("CANARY-PASSWORD"))
        try ask(feed())
        try ask(finish(try begin()))
        try ask(SyncRequest())
        internet.password = "other"
        internet.isFeedThere = false
        internet.grant = (400, #"{"error":"invalid_grant","error_description":"CANARY-REFRESH"}"#)
        try ask(SyncRequest())
        answers.append("\(String(describing: home.refusal(server("CANARY-WRONG"))))")
        try ask(StatusRequest(user: nil))
        try ask(ConnectionsRequest(user: nil))
        try ask(LogRequest())
        try ask(BackupRequest(path: home.path("a.backup")))
        #expect(answers.allSatisfy { !$0.contains("CANARY") })
        for name in try Folder.names(in: home.folder.path) + ["../a.backup"] where !name.hasPrefix("vault.db") {
            let bytes = try Folder.read(home.folder.path + "/" + name)
            #expect(bytes.firstRange(of: Array("CANARY".utf8)) == nil, "\(name)")
        }
        let vault = try Folder.read(home.folder.path + "/vault.db")
        #expect(vault.firstRange(of: Array("CANARY".utf8)) == nil)
    }
}

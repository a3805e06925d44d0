import Entries
import HTTP
import Machine
import Rehearsal
import SQLite
import Secrets
import Testing

@testable import Application

/// What one connection's trouble does to the others, and what its owner is told to do about it.
@Suite struct TroubledTests {
    private let home: RunningHome
    private let internet: SmallInternet

    init() throws {
        home = try RunningHome(zone: "UTC")
        internet = home.reach(SmallInternet())
    }

    // MARK: What is connected

    private func connectGoogle() throws -> ConnectedAnswer {
        var provider = SetProviderRequest(user: nil, provider: "google", clientID: "id.example")
        provider.clientSecret = Confided(Secret("client-secret"))
        _ = try home.ask(provider)
        let begun = try home.ask(BeginGrantRequest(user: nil, provider: "google", way: .manual))
        var finish = FinishGrantRequest(user: nil, grant: begun.grant)
        finish.redirected = Confided(Secret("http://127.0.0.1/?state=\(begun.state)&code=CODE"))
        return try #require(try home.ask(finish).connected)
    }

    private func connectFeed() throws -> ConnectedAnswer {
        try home.ask(ConnectServerRequest(.feed, address: Confided(Secret("https://feeds.example/club.ics"))))
    }

    private func sync() throws -> [SyncRequest.Reading] {
        try #require(try home.ask(SyncRequest()).users.first).readings
    }

    private func source(_ connection: String) throws -> StatusRequest.Source {
        try #require(
            try home.ask(StatusRequest(user: nil)).sources.first { $0.connection == connection })
    }

    private func connectServer() throws -> ConnectedAnswer {
        var request = ConnectServerRequest(.caldav, address: Confided(Secret("https://dav.example/")))
        (request.login, request.password) = ("ada", Confided(Secret("secret")))
        return try home.ask(request)
    }

    // MARK: Credentials that were refused

    @Test func `A07 L49 what must be connected again stays a trouble, with a command that a shell takes as it stands`()
        throws
    {
        let connected = try connectServer()
        internet.password = "another"
        let first = try #require(try sync().first)
        let second = try #require(try sync().first)
        #expect((first.outcome, second.outcome) == ("failed", "skipped"))
        for reading in [first, second] {
            #expect(reading.isTroubled && reading.needsCredentials)
            #expect(reading.advice == "daybook connections reconnect \(connected.connection.prefix(8))")
        }
    }

    @Test func `A07 the alarm ends with the new credentials, which were tried, and not only with the next reading`()
        throws
    {
        let connected = try connectServer().connection
        _ = try sync()
        internet.password = "another"
        _ = try sync()
        #expect(try source(connected).reading.errorClass == "auth")
        var again = ReconnectServerRequest(user: nil, connection: connected)
        again.password = Confided(Secret("another"))
        let shown = try home.ask(again).connection
        #expect((shown.consecutiveFailures, shown.lastError, shown.needsReconnect) == (0, nil, false))
        let source = try source(connected)
        #expect(source.state == .healthy)
        #expect(source.reading.errorClass == nil && source.calendars.allSatisfy { $0.reading.errorClass == nil })
        #expect(try !home.ask(StatusRequest(user: nil)).needsLook)
    }

    @Test func `L54 what its server refuses, or what failed, is not called healthy`() throws {
        let server = try connectServer().connection
        let feed = try connectFeed().connection
        _ = try sync()
        #expect(try [source(server), source(feed)].map(\.state) == [.healthy, .healthy])
        internet.password = "another"
        internet.isFeedThere = false
        _ = try sync()
        let refused = try source(server)
        #expect((refused.state, refused.freshness) == (.reconnect, "fresh"))
        #expect(refused.reading.nextDue == nil && refused.calendars.allSatisfy { $0.reading.nextDue == nil })
        let failed = try source(feed)
        #expect((failed.state, failed.health) == (.failing, "healthy"))
        #expect(failed.reading.nextDue != nil)
        #expect(try home.ask(StatusRequest(user: nil)).needsLook)
        _ = try home.ask(PauseConnectionRequest(user: nil, connection: feed, isPaused: true))
        #expect(try source(feed).state == .paused)
    }

    @Test func `L65 the doctor says what a lost vault leaves without a key`() throws {
        let server = try connectServer()
        let feed = try connectFeed()
        func vault() throws -> Doctor.Check {
            try #require(Doctor.look(at: home.folder, home.options).first { $0.name == "vault" })
        }
        #expect(try vault().state == .ok)
        for name in try Folder.names(in: home.folder.path) where name.hasPrefix("vault.db") {
            try Folder.remove(home.folder.path + "/" + name)
        }
        _ = try home.ask(SyncRequest())
        let check = try vault()
        #expect(check.state == .failure)
        #expect(check.finding == "nothing is kept that opens “\(server.name)”, “\(feed.name)”")
        let again = [server, feed].map { "daybook connections reconnect \($0.connection.prefix(8))" }
        #expect(check.remedy == "\(again[0]); \(again[1]) --new-address")
    }

    // MARK: A vault that is damaged

    private var vaultFiles: [String] {
        get throws {
            try Folder.names(in: home.folder.path).filter { $0.hasPrefix("vault.db") }.map {
                home.folder.path + "/" + $0
            }
        }
    }

    private func tamper(_ sql: String) throws {
        let connection = try Connection(path: home.folder.vault, as: .owner)
        try connection.execute(sql)
        try connection.emptyLog()
    }

    @Test(arguments: [("secret", "sealed"), ("connection_key", "wrapped")])
    func `F08 L42 a secret that cannot be opened stops its own connection, until it is connected again`(
        _ table: String, _ column: String
    ) throws {
        let server = try connectServer().connection
        _ = try connectFeed()
        try tamper("UPDATE \(table) SET \(column) = x'00' WHERE connection = '\(server)'")
        let readings = try sync()
        #expect(readings.map(\.outcome) == ["failed", "read"])
        let again = "daybook connections reconnect \(server.prefix(8))"
        #expect(
            (readings[0].errorClass, readings[0].errorCode, readings[0].advice) == ("permanent", "no_secret", again))
        #expect(readings[0].message?.contains(again) == true)
        #expect(try !home.ask(TestConnectionRequest(user: nil, connection: server)).works)
        let told = try home.door.ask(RotateKeyRequest())
        #expect(told.notices.contains { $0.contains(again) })
        var request = ReconnectServerRequest(user: nil, connection: server)
        request.password = Confided(Secret("secret"))
        #expect(try home.ask(request).connection.lastError == nil)
        #expect(try sync().allSatisfy { !$0.isTroubled })
    }

    @Test func `F08 a feed whose address cannot be opened is given it again`() throws {
        let feed = try connectFeed().connection
        try tamper("UPDATE secret SET sealed = x'00' WHERE connection = '\(feed)'")
        let again = "daybook connections reconnect \(feed.prefix(8)) --new-address"
        #expect(try sync().map(\.advice) == [again])
        var request = ReconnectServerRequest(user: nil, connection: feed)
        request.address = Confided(Secret("https://feeds.example/club.ics"))
        _ = try home.ask(request)
        #expect(try sync().allSatisfy { !$0.isTroubled })
    }

    @Test(arguments: [("secret", "sealed"), ("connection_key", "wrapped")])
    func `F08 without what opens the cursors everything is read in full`(_ table: String, _ column: String) throws {
        _ = try connectGoogle()
        _ = try connectServer()
        _ = try sync()
        try tamper("UPDATE \(table) SET \(column) = x'00' WHERE connection = 'sealers'")
        #expect(try sync().allSatisfy { !$0.isTroubled })
        #expect(try sync().allSatisfy { !$0.isTroubled })
    }

    @Test(arguments: ["", "no database at all", nil])
    func `F08 what needs no vault is read also where it is damaged`(_ content: String?) throws {
        _ = try connectServer()
        let path = home.path("people.vcf")
        try write("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane\r\nUID:1\r\nEND:VCARD\r\n", to: path)
        _ = try home.ask(ImportPeopleRequest(user: nil, path: path))
        for file in try vaultFiles where file != home.folder.vault { try Folder.remove(file) }
        let whole = try Folder.read(home.folder.vault)
        try Folder.replace(
            home.folder.vault, with: content.map { Array($0.utf8) } ?? Array(whole.prefix(whole.count / 2)))
        let readings = try sync()
        #expect(readings.count == 2 && readings.last?.outcome == "failed")
        #expect(readings.count { $0.outcome == "failed" } == 1)
        try Folder.replace(home.folder.vault, with: whole)
        #expect(try sync().allSatisfy { !$0.isTroubled })
    }

    // MARK: What was no refusal

    @Test func `A07 a vault that was away for a while is no refusal, and when it is back all is read`() throws {
        let server = try connectServer().connection
        _ = try sync()
        try Folder.rename(home.folder.vault, to: home.path("away"))
        for file in try vaultFiles { try Folder.remove(file) }
        let reading = try #require(try sync().first)
        #expect((reading.outcome, reading.errorCode) == ("failed", "no_secret"))
        let tested = try home.ask(TestConnectionRequest(user: nil, connection: server))
        #expect(tested.message?.contains("daybook connections reconnect \(server.prefix(8))") == true)
        #expect(reading.advice == "daybook connections reconnect \(server.prefix(8))")
        for file in try vaultFiles { try Folder.remove(file) }
        try Folder.rename(home.path("away"), to: home.folder.vault)
        #expect(try sync().allSatisfy { !$0.isTroubled })
    }

    @Test func `A07 a test that succeeds ends a refusal`() throws {
        let server = try connectServer().connection
        internet.password = "another"
        _ = try sync()
        #expect(try sync().map(\.outcome) == ["skipped"])
        internet.password = "secret"
        #expect(try home.ask(TestConnectionRequest(user: nil, connection: server)).works)
        #expect(try !sync().contains { $0.isTroubled })
    }

    @Test func `A07 a word of a token endpoint that nobody knows asks for no new grant`() throws {
        _ = try connectGoogle()
        _ = try sync()
        home.time.jump(by: 2 * 3_600_000)
        internet.grant = (400, #"{"error":"weird"}"#)
        #expect(try sync().map(\.errorClass) == ["transient"])
        internet.grant = (200, #"{"access_token":"next","expires_in":3600,"scope":"SCOPE"}"#)
        home.time.jump(by: 3_600_000)
        #expect(try sync().allSatisfy { !$0.isTroubled })
    }

    // MARK: Being asked to stop

    @Test func `L17 F01 a reading that was interrupted is no failure of its source, and nothing is written of it`()
        throws
    {
        let connected = try connectServer().connection
        _ = try connectFeed()
        _ = try connectGoogle()
        _ = try sync()
        let before = try home.ask(LogRequest()).entries.count
        internet.isInterrupted = true
        #expect(home.refusal(SyncRequest())?.kind == .interrupted)
        #expect(home.refusal(TestConnectionRequest(user: nil, connection: connected))?.kind == .interrupted)
        let other = ConnectServerRequest(.feed, address: Confided(Secret("https://feeds.example/other.ics")))
        #expect(home.refusal(other)?.kind == .interrupted)
        #expect(try home.ask(LogRequest()).entries.count == before)
        internet.isInterrupted = false
        #expect(try source(connected).state == .healthy)
        #expect(try sync().allSatisfy { !$0.isTroubled })
    }

    // MARK: A client that is not known

    @Test func `B16 L42 a client that was forgotten stops its own connections and no others`() throws {
        let google = try connectGoogle()
        _ = try connectFeed()
        _ = try home.ask(RemoveProviderRequest(user: nil, provider: "google"))
        let readings = try sync()
        #expect(readings.map(\.outcome) == ["failed", "read"])
        #expect(readings.first?.errorCode == "no_client")
        #expect(readings.first?.advice == "daybook provider set google --client-secret-file FILE")
        let source = try source(google.connection)
        #expect(source.reading.message?.hasPrefix("No client of Google is known here") == true)
        #expect(source.reading.advice == readings.first?.advice)
        #expect(try !home.ask(TestConnectionRequest(user: nil, connection: google.connection)).works)
    }

    @Test func `A05 a client with which nothing could be asked is refused, and one that is replaced is told of`() throws
    {
        func set(_ change: (inout SetProviderRequest) -> Void) -> SetProviderRequest {
            var request = SetProviderRequest(user: nil, provider: "microsoft", clientID: "one")
            change(&request)
            return request
        }
        for bad in [
            set { $0.tenant = "b a d" }, set { $0.tenant = "" }, set { $0.base = "ftp://x" }, set { $0.base = "x" },
        ] {
            #expect(home.refusal(bad)?.kind == .badRequest, "\(bad)")
        }
        #expect(try home.ask(set { $0.base = "http://127.0.0.1:5260" }).replaced == nil)
        let next = try home.ask(set { ($0.clientID, $0.tenant) = ("two", "contoso.onmicrosoft.com") })
        #expect((next.replaced?.clientID, next.replaced?.base) == ("one", "http://127.0.0.1:5260"))
        #expect(next.connections == 0)
    }

    @Test func `what cannot be read without a client is told before it is forgotten`() throws {
        let google = try connectGoogle()
        var request = RemoveProviderRequest(user: nil, provider: "google")
        request.isDryRun = true
        let asked = try home.ask(request)
        #expect((asked.clientID, asked.connections) == ("id.example", [google.name]))
        #expect(!asked.removed)
        #expect(try home.ask(ProvidersRequest(user: nil)).providers.count == 1)
        request.isDryRun = false
        let removed = try home.ask(request)
        #expect(removed.clientID == "id.example" && removed.removed)
        #expect(try !home.ask(request).removed)
        #expect(try home.ask(ProvidersRequest(user: nil)).providers.isEmpty)
    }
}

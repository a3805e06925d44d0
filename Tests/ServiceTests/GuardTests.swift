import Application
import Entries
import Machine
import Projections
import Sync
import Testing

@testable import Service

@Suite struct GuardTests {
    private func rest(_ home: ServedHome, _ connection: String = "work") throws -> Bool {
        try home.household.with { try home.breaker($0).run(connection) }
    }

    @Test func `F07 three failed runs in a row rest for two hours, and success ends it`() throws {
        let home = try ServedHome()
        try home.connect("work")
        for _ in 0..<2 {
            try home.read("work", fails: true)
            #expect(try !rest(home))
        }
        try home.read("work", fails: true)
        #expect(try rest(home))
        #expect(try home.count("breaker.opened") == 1)
        // Looking again opens nothing again.
        #expect(try rest(home))
        #expect(try home.count("breaker.opened") == 1)
        home.pass(minutes: 121)
        try home.read("work")
        #expect(try !rest(home))
        #expect(try home.count("breaker.closed") == 1)
    }

    @Test func `F07 L49 six failures in a day rest for a day`() throws {
        let home = try ServedHome()
        try home.connect("work")
        for _ in 0..<6 {
            home.pass(minutes: 125)
            try home.read("work", fails: true)
            _ = try rest(home)
        }
        let until = try home.household.read { try #require(try breakerUntil($0)) }
        #expect(until == home.clock.with { $0 } + 86_400_000)
    }

    @Test func `F07 a person ends the rest`() throws {
        let home = try ServedHome()
        try home.connect("work")
        for _ in 0..<3 { try home.read("work", fails: true) }
        _ = try rest(home)
        #expect(try home.household.with { try home.breaker($0).reset("work") })
        #expect(try home.household.read { try breakerUntil($0) } == nil)
        #expect(try !home.household.with { try home.breaker($0).reset("work") })
    }

    @Test func `F07 a reading by hand that fails counts for nothing`() throws {
        let home = try ServedHome()
        try home.connect("work")
        for _ in 0..<5 { try home.read("work", fails: true, trigger: .manual) }
        #expect(try !home.household.with { try home.breaker($0).run("work", after: .manual) })
        #expect(try home.count("breaker.opened") == 0)
    }

    @Test func `F07 G01 while it rests the status says until when, and nothing says that all is well`() throws {
        let home = try ServedHome()
        try home.connect("work")
        for _ in 0..<3 { try home.read("work", fails: true) }
        #expect(try rest(home))
        let until = ServedHome.start + 2 * 3_600_000
        let status = try home.household.ask(StatusRequest(user: nil))
        let source = try #require(status.sources.first)
        #expect(source.restsUntil == until && source.restsAfter == 3 && source.reading.nextDue == until)
        #expect(source.state == .paused && status.needsLook)
        var sync = SyncRequest()
        sync.isDueOnly = true
        #expect(try home.household.ask(sync).users.map(\.troubled) == [["work"]])
        let found = try home.household.ask(DoctorRequest(user: nil)).first { $0.name == "connection “work”" }
        #expect(found?.state == .warning && found?.finding.contains("not read by itself until") == true)
        home.pass(minutes: 121)
        try home.read("work")
        #expect(try !rest(home))
        #expect(try home.household.ask(sync).users.map(\.troubled) == [[]])
    }

    private func breakerUntil(_ home: OpenHome) throws -> Int64? {
        try home.views().read { try ConnectionRow.one("work", $0)?.breakerUntil }
    }

    private func watch(_ home: ServedHome) throws -> JobReport {
        try home.household.ask(RunJobRequest(user: nil, job: "alerts")).report
    }

    @Test func `G05 L47 three failures in a row raise one alert, and a success clears it`() throws {
        let home = try ServedHome()
        try home.connect("work")
        for _ in 0..<2 { try home.read("work", fails: true) }
        #expect(try watch(home).created == 0)
        try home.read("work", fails: true)
        #expect(try watch(home).created == 1)
        try home.read("work", fails: true)
        #expect(try watch(home).created == 0)
        try home.read("work")
        #expect(try watch(home).deleted == 1)
    }

    @Test func `G02 L54 a silent stop is told of, though nothing failed`() throws {
        let home = try ServedHome()
        try home.connect("work")
        try home.read("work")
        home.pass(minutes: 29)
        #expect(try watch(home).created == 0)
        home.pass(minutes: 3)
        #expect(try watch(home).created == 1)
        #expect(try home.count("alert.raised") == 1)
    }

    @Test func `a paused connection is silent because somebody wanted it so`() throws {
        let home = try ServedHome()
        try home.connect("work")
        try home.append(ConnectionPaused(), stream: "connection/work") { $0.connection = "work" }
        home.pass(minutes: 600)
        #expect(try watch(home).created == 0)
    }

    @Test func `a dead token is told of at once, and a dying one before it dies`() throws {
        let home = try ServedHome()
        for id in ["dead", "dying"] {
            try home.connect(id)
            try home.read(id)
        }
        try home.append(CredentialRefused(), stream: "connection/dead") { $0.connection = "dead" }
        try home.append(CredentialGranted(), stream: "connection/dying") {
            ($0.connection, $0.kind, $0.grantExpires) = ("dying", .oauth, ServedHome.start + 2 * 86_400_000)
        }
        #expect(try watch(home).created == 2)
        let kinds = try home.household.read { try $0.views().read { try AlertRow.all($0).map(\.kind) } }
        #expect(Set(kinds) == [.failingConnection, .expiringGrant])
    }

    @Test func `a ledger that does not verify is told of after one failure`() throws {
        let home = try ServedHome()
        try home.append(JobFinished(), stream: "job/verify") {
            ($0.job, $0.outcome, $0.errorClass, $0.attempts) = (.verify, .failure, .permanent, 1)
        }
        _ = try home.household.with { home in
            var failed = JobFinished()
            (failed.job, failed.outcome, failed.errorClass, failed.attempts) = (.verify, .failure, .permanent, 1)
            return try home.append([
                .init(failed, stream: "job/verify", owner: "home", actor: "test")
            ])
        }
        #expect(try watch(home).created >= 1)
    }
}

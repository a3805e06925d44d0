import Entries
import Foundation
import Ledger
import Machine
import Rehearsal
import Testing

@testable import Application

/// The figures of the readings and jobs, their judgement, and the three ways in which they are written.
@Suite struct MetricsTests {
    private static let minute: Int64 = 60_000

    /// A home with one connection, `c`, that is to be read every 15 minutes.
    private func homeWithConnection(named name: String = "Work", id: String = "c") throws -> RunningHome {
        let home = try RunningHome()
        try home.write(ConnectionAdded()) { ($0.connection, $0.provider, $0.name) = (id, .caldav, name) }
        return home
    }

    private func succeed(_ home: RunningHome, _ connection: String = "c", run: String, took: Int64 = 100) throws {
        try home.write(FetchFinished()) {
            ($0.reading.connection, $0.reading.run) = (connection, run)
            ($0.attempts, $0.started, $0.durationMilliseconds) = (1, 5_000, took)
            ($0.created, $0.updated, $0.deleted, $0.unchanged, $0.quarantined) = (1, 2, 3, 4, 5)
        }
    }

    private func fail(_ home: RunningHome, _ connection: String = "c", run: String) throws {
        try home.write(FetchFailed()) {
            ($0.reading.connection, $0.reading.run) = (connection, run)
            ($0.errorClass, $0.errorCode, $0.attempts, $0.started, $0.durationMilliseconds) = (
                .transient, "503", 3, 6_000, 50
            )
            $0.message = "Canary of a message"
        }
    }

    private func skip(_ home: RunningHome) throws {
        try home.write(JobFinished()) { ($0.connection, $0.outcome) = ("c", .skipped) }
    }

    private func connection(_ home: RunningHome) throws -> Metrics.Figures {
        try #require(try home.ask(MetricsRequest()).connections.first).figures
    }

    // MARK: JSON

    @Test func `G01 the figures are all there, under their names`() throws {
        let home = try homeWithConnection()
        try succeed(home, run: "r1")
        try fail(home, run: "r2")
        let text = try MetricsFormat.json.text(home.ask(MetricsRequest()))
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(document["kind"] as? String == "daybook.metrics")
        #expect(document["schema_version"] as? Int == 1)
        let connections = try #require(document["connections"] as? [[String: Any]])
        let figures = try #require(connections.first?["figures"] as? [String: Any])
        #expect(figures["lastSyncTime"] as? Int == 6_000)
        #expect(figures["totalSyncs"] as? Int == 2)
        #expect(figures["consecutiveFailures"] as? Int == 1)
        #expect(figures["averageDuration"] as? Int == 100)
        #expect(figures["health"] as? String == "healthy")
        #expect(figures["freshness"] as? String == "fresh")
        let result = try #require(figures["lastResult"] as? [String: Any])
        #expect(Set(result.keys) == ["success", "processed", "new", "updated", "deleted", "duration", "error"])
        #expect(result["success"] as? Bool == false)
        #expect(result["error"] as? String == "transient 503")
    }

    @Test func `G01 the last result has the counts of its run`() throws {
        let home = try homeWithConnection()
        try succeed(home, run: "r1", took: 250)
        let result = try #require(try connection(home).lastResult)
        #expect(result.success)
        #expect([result.processed, result.new, result.updated, result.deleted, result.duration] == [15, 1, 2, 3, 250])
        #expect(result.error == nil)
    }

    // MARK: Judgement

    @Test func `decision 7 a connection is degraded from three failures in a row`() throws {
        let home = try homeWithConnection()
        try succeed(home, run: "r0")
        for failures in 1...4 as ClosedRange<Int64> {
            try fail(home, run: "r\(failures)")
            let figures = try connection(home)
            #expect(figures.consecutiveFailures == failures)
            #expect(figures.health == (failures < 3 ? .healthy : .degraded))
        }
        try succeed(home, run: "r9")
        #expect(try connection(home).health == .healthy)
    }

    @Test func `L54 what was never read is not healthy, nor what was only skipped`() throws {
        let home = try homeWithConnection()
        #expect(try connection(home).health == .unknown)
        #expect(try connection(home).freshness == .idle)
        for _ in 1...3 { try skip(home) }
        let figures = try connection(home)
        #expect(figures.health == .unknown)
        #expect(figures.totalSyncs == 0)
        #expect(figures.skipped == 3)
        #expect(figures.lastSuccess == nil)
    }

    @Test func `L54 silence is not health: after two readings without a success it is stale`() throws {
        let home = try homeWithConnection()
        try succeed(home, run: "r1")
        home.time.jump(by: 25 * Self.minute)
        #expect(try connection(home).freshness == .fresh)
        home.time.jump(by: 6 * Self.minute)
        try skip(home)
        let figures = try connection(home)
        #expect(figures.freshness == .stale)
        #expect(figures.health == .unknown)
        #expect(figures.reason == "the last success was 31 minutes ago")
        try fail(home, run: "r2")
        #expect(try connection(home).health == .unknown)
    }

    @Test func `a connection that is not read on purpose is paused, with the reason`() throws {
        let home = try homeWithConnection()
        try succeed(home, run: "r1")
        try home.write(ConnectionPaused()) { $0.connection = "c" }
        #expect(try connection(home).reason == "paused by hand")
        #expect(try connection(home).health == .unknown)
        try home.write(ConnectionResumed()) { $0.connection = "c" }
        #expect(try connection(home).freshness == .fresh)
        let until = home.time.now() + 60 * Self.minute
        try home.write(BreakerOpened()) { ($0.connection, $0.until) = ("c", until) }
        #expect(try connection(home).reason == "paused after repeated failures")
        home.time.jump(by: 61 * Self.minute)
        #expect(try connection(home).freshness == .stale, "the pause is over")
        try home.write(ConnectionChanged()) { ($0.connection, $0.isSyncEnabled) = ("c", false) }
        #expect(try connection(home).reason == "reading is switched off")
    }

    @Test func `G03 the figures survive a restart and a rebuild`() throws {
        let home = try homeWithConnection()
        for run in 1...3 { try succeed(home, run: "r\(run)") }
        try fail(home, run: "r4")
        func figures() throws -> String { try json(connection(home)) }
        let before = try figures()
        #expect(try figures() == before)
        _ = try home.ask(RebuildRequest(only: [], verifies: false))
        #expect(try figures() == before)
        for name in try Folder.names(in: home.folder.path) where name.hasPrefix("views") {
            try Folder.remove(home.folder.path + "/" + name)
        }
        #expect(try figures() == before)
    }

    // MARK: Break-down

    private func severalUsers() throws -> RunningHome {
        let home = try homeWithConnection()
        try home.write(UserAdded(), owner: "bea") { ($0.user, $0.name) = ("bea", "Bea") }
        try home.write(ConnectionAdded(), owner: "bea") { ($0.connection, $0.provider) = ("d", .google) }
        try home.write(ConnectionAdded(), owner: "bea") { ($0.connection, $0.provider) = ("e", .caldav) }
        try succeed(home, run: "r1", took: 100)
        for (connection, took) in [("d", 200), ("e", 600)] as [(String, Int64)] {
            try home.write(FetchFinished(), owner: "bea") {
                ($0.reading.connection, $0.reading.run, $0.durationMilliseconds, $0.attempts) = (
                    connection, "b", took, 1
                )
            }
        }
        try home.write(JobFinished()) { ($0.job, $0.attempts, $0.durationMilliseconds) = (.match, 1, 40) }
        return home
    }

    @Test func `G04 the figures are told by user, connection, provider and job, and add up`() throws {
        let metrics = try severalUsers().ask(MetricsRequest())
        #expect(metrics.total.totalSyncs == 3)
        #expect(metrics.total.averageDuration == 300)
        #expect(metrics.users.map(\.figures.totalSyncs).sorted() == [1, 2])
        #expect(metrics.users.first { $0.name == "bea" }?.title == "Bea")
        #expect(metrics.users.first { $0.name == "bea" }?.figures.averageDuration == 400)
        #expect(metrics.providers.map(\.name) == ["caldav", "google"])
        #expect(metrics.providers.map(\.figures.averageDuration) == [350, 200])
        #expect(metrics.connections.map(\.name).sorted() == ["c", "d", "e"])
        #expect(metrics.jobs.map(\.name) == ["match"])
        #expect(metrics.jobs[0].figures.averageDuration == 40)
    }

    @Test func `of several together the worst tells how the whole is`() throws {
        let home = try severalUsers()
        #expect(try home.ask(MetricsRequest()).total.health == .healthy)
        for run in 1...3 { try fail(home, run: "f\(run)") }
        let metrics = try home.ask(MetricsRequest())
        #expect(metrics.total.health == .degraded)
        #expect(metrics.total.consecutiveFailures == 3)
        #expect(metrics.users.first { $0.name == "bea" }?.figures.health == .healthy)
    }

    @Test func `the ledger has figures too`() throws {
        let home = try homeWithConnection()
        let metrics = try home.ask(MetricsRequest())
        #expect(metrics.ledger.entries == 3)
        #expect(metrics.ledger.entriesSinceCheckpoint == 3)
        #expect(metrics.ledger.viewsPosition == 3)
        #expect(metrics.ledger.byteCount > 0)
        _ = try home.ask(CheckpointRequest(accepts: false, note: nil))
        #expect(try home.ask(MetricsRequest()).ledger.entriesSinceCheckpoint == 0)
    }

    // MARK: Prometheus

    private func prometheus(_ home: RunningHome) throws -> [String] {
        let text = try MetricsFormat.prometheus.text(home.ask(MetricsRequest()))
        #expect(text.hasSuffix("\n"))
        return text.utf8.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `G04 every line of the Prometheus text is of its format`() throws {
        let home = try severalUsers()
        try fail(home, run: "r9")
        let sample =
            /([a-z_]+)(?:\{([a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*)\})? (-?[0-9]+)/
        var family = ""
        var families: [String] = []
        var samples: Set<String> = []
        for line in try prometheus(home) {
            if line.hasPrefix("# HELP ") {
                family = line.split(separator: " ").map(String.init)[2]
                #expect(!families.contains(family), "a family stands in one place")
                families.append(family)
            } else if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ").map(String.init)
                #expect(words[2] == family)
                #expect(words[3] == (family.hasSuffix("_total") ? "counter" : "gauge"))
            } else {
                let match = try #require(line.wholeMatch(of: sample), "\(line)")
                #expect(String(match.1) == family)
                #expect(samples.insert("\(match.1){\(match.2 ?? "")}").inserted, "\(line)")
            }
        }
        #expect(families.contains("daybook_sync_runs_total"))
        #expect(families.contains("daybook_job_runs_total"))
        #expect(families.contains("daybook_sync_last_success_timestamp_seconds"))
    }

    @Test func `no name, title or message leaves in the Prometheus text`() throws {
        let home = try homeWithConnection(named: "Canary calendar")
        try fail(home, run: "r1")
        let text = try prometheus(home).joined(separator: "\n")
        for personal in ["Canary", "Ada"] { #expect(!text.contains(personal)) }
    }

    @Test(arguments: [
        ("a\"b", #"a\"b"#), ("a\\b", #"a\\b"#), ("a\nb", #"a\nb"#), ("a\r\nb", "a\r\\nb"),
        ("a\"\u{301}b", "a\\\"\u{301}b"),
        ("a\\\u{301}b", "a\\\\\u{301}b"), ("}\n# HELP x", #"}\n# HELP x"#), ("日本", "日本"),
    ])
    func `a label is escaped, whatever is in it`(_ id: String, _ escaped: String) throws {
        let home = try homeWithConnection(id: id)
        let lines = try prometheus(home)
        let wanted = Array("connection=\"\(escaped)\",provider=".utf8)
        #expect(lines.contains { Data($0.utf8).range(of: Data(wanted)) != nil }, "\(lines)")
        #expect(lines.allSatisfy { $0.hasPrefix("# ") || $0.hasPrefix("daybook_") })
    }

    // MARK: CSV

    /// The cells of a CSV text, read as RFC 4180 says, scalar by scalar.
    private func cells(_ text: String) -> [[String]] {
        var rows: [[String]] = [[]]
        var cell = String.UnicodeScalarView()
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"": cell.append(scalars.removeFirst())
            case "\"": isQuoted.toggle()
            case "," where !isQuoted, "\n" where !isQuoted:
                rows[rows.count - 1].append(String(cell))
                cell = .init()
                if scalar == "\n" { rows.append([]) }
            case "\r" where !isQuoted: break
            default: cell.append(scalar)
            }
        }
        return rows.dropLast()
    }

    @Test func `CSV has a row for each, and as many cells as headings`() throws {
        let metrics = try severalUsers().ask(MetricsRequest())
        let text = try MetricsFormat.csv.text(metrics)
        let rows = cells(text)
        #expect(
            rows.map { $0[0] } == [
                "scope", "total", "user", "user", "provider", "provider", "connection", "connection", "connection",
                "job",
            ])
        #expect(Set(rows.map(\.count)) == [rows[0].count])
        #expect(text.unicodeScalars.filter { $0 == "\n" }.count == rows.count)
        let total = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
        #expect(total["runs"] == "3")
        #expect(total["average_milliseconds"] == "300")
        #expect(total["health"] == "healthy")
        #expect(total["last_success"]?.hasSuffix("Z") == true)
    }

    @Test(arguments: [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\r\n=1", "＝1", "＋1", "－1", "＠x", "=\u{301}1",
        "=\u{200d}cmd|' /C calc'!A0",
    ])
    func `CSV marks what a spreadsheet would run as a formula`(_ title: String) throws {
        let home = try homeWithConnection(named: title)
        let text = try MetricsFormat.csv.text(home.ask(MetricsRequest()))
        let found = cells(text).flatMap(\.self).filter {
            Array($0.unicodeScalars.dropFirst()) == Array(title.unicodeScalars)
        }
        #expect(found.count == 1)
        #expect(found.first?.unicodeScalars.first == "'")
    }

    @Test(arguments: ["plain", "a \"quoted\" one", "a, b", "two\nlines", "x\"\u{301},=1", "", "日本 👩‍👩‍👧", "1=2", " =1"])
    func `CSV gives back what stood in a cell`(_ title: String) throws {
        let home = try homeWithConnection(named: title)
        let rows = cells(try MetricsFormat.csv.text(home.ask(MetricsRequest())))
        let row = try #require(rows.first { $0[0] == "connection" })
        #expect(row.count == rows[0].count)
        #expect(Array(row[2].unicodeScalars) == Array(title.unicodeScalars))
    }
}

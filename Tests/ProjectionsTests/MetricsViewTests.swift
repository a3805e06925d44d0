import Entries
import Testing

@testable import Projections

/// How often connections and jobs ran, how it went, and how long it took.
@Suite struct MetricsViewTests {
    @discardableResult
    private func finish(
        _ book: Book, _ run: String, took: Int64, attempts: Int64 = 1, calendar: String = "k1", owner: String = "ada",
        trigger: Trigger = .scheduled, counts: [Int64] = [0, 0, 0, 0, 0]
    ) throws -> Int64 {
        let position = try book.write(FetchFinished(), owner: owner) {
            $0.reading.connection = "c"
            ($0.reading.calendar, $0.reading.run, $0.reading.trigger) = (calendar, run, trigger)
            ($0.attempts, $0.started, $0.durationMilliseconds) = (attempts, 1_000, took)
            ($0.created, $0.updated, $0.deleted, $0.unchanged, $0.quarantined) = (
                counts[0], counts[1], counts[2], counts[3], counts[4]
            )
        }
        return try book.at(position)
    }

    private func fail(_ book: Book, _ run: String, took: Int64, attempts: Int64 = 3, calendar: String = "k1") throws {
        try book.write(FetchFailed()) {
            $0.reading.connection = "c"
            ($0.reading.calendar, $0.reading.run) = (calendar, run)
            ($0.errorClass, $0.errorCode, $0.attempts, $0.started, $0.durationMilliseconds) = (
                .rate, "429", attempts, 2_000, took
            )
        }
    }

    @discardableResult
    private func job(
        _ book: Book, _ outcome: Outcome, job: Job = .match, took: Int64 = 10, attempts: Int64 = 1,
        connection: String? = nil
    ) throws -> Int64 {
        let position = try book.write(JobFinished()) {
            ($0.job, $0.outcome, $0.durationMilliseconds, $0.attempts) = (job, outcome, took, attempts)
            ($0.connection, $0.run, $0.started) = (connection, "j", 3_000)
            if outcome == .failure { $0.errorClass = .permanent }
        }
        return try book.at(position)
    }

    private static let counts = """
        SELECT runs, attempts, successes, failures, skipped, rescheduled, consecutive_failures, duration_milliseconds,
            success_milliseconds FROM metric
        """

    @Test func `L48 attempts and runs are counted apart`() throws {
        let book = try Book()
        try finish(book, "r1", took: 100, attempts: 3)
        try fail(book, "r2", took: 7, attempts: 3)
        #expect(try book.row(Self.counts) == ["2", "6", "1", "1", "0", "0", "1", "107", "100"])
        try finish(book, "r3", took: 1, attempts: 2)
        try fail(book, "r4", took: 1, attempts: 4)
        #expect(try book.row("SELECT runs, attempts FROM metric") == ["4", "12"])
        for attempts in [1, 5] as [Int64] { try job(book, .success, attempts: attempts) }
        #expect(try book.row("SELECT runs, attempts FROM metric WHERE subject = 'job'") == ["2", "6"])
    }

    @Test func `L48 an average is of the runs that succeeded, from sums`() throws {
        let book = try Book()
        for (run, took) in [("r1", 100), ("r2", 300)] as [(String, Int64)] { try finish(book, run, took: took) }
        try fail(book, "r3", took: 61)
        #expect(try book.row("SELECT success_milliseconds / successes FROM metric") == ["200"])
        #expect(try book.row("SELECT duration_milliseconds FROM metric") == ["461"])
    }

    @Test(arguments: [Trigger.scheduled, .manual, .push])
    func `L48 a run counts whatever started it`(_ trigger: Trigger) throws {
        let book = try Book()
        try finish(book, "r1", took: 5, trigger: trigger)
        #expect(try book.row("SELECT runs, successes FROM metric") == ["1", "1"])
        #expect(try book.row("SELECT trigger FROM run") == [trigger.rawValue])
    }

    @Test func `L54 a run that was skipped or put off counts as that, and as nothing else`() throws {
        let book = try Book()
        let success = try finish(book, "r1", took: 100)
        try fail(book, "r2", took: 50)
        let sql =
            "SELECT runs, attempts, failures, consecutive_failures, last_success, last_outcome, last_run, success_milliseconds FROM metric WHERE subject = 'connection'"
        let before = try book.row(sql)
        #expect(before == ["2", "4", "1", "1", String(success), "failure", "r2", "100"])
        for outcome in [Outcome.skipped, .skipped, .rescheduled] {
            try job(book, outcome, job: .fetch, connection: "c")
        }
        #expect(try book.row(sql) == before)
        #expect(try book.row("SELECT skipped, rescheduled FROM metric WHERE subject = 'connection'") == ["2", "1"])
        #expect(try book.row(Self.counts + " WHERE subject = 'job'") == ["0", "0", "0", "0", "2", "1", "0", "0", "0"])
    }

    @Test func `L54 a connection that was only ever skipped has no success`() throws {
        let book = try Book()
        for _ in 1...5 { try job(book, .skipped, job: .fetch, connection: "c") }
        #expect(
            try book.row("SELECT runs, skipped, last_success, last_outcome FROM metric WHERE subject = 'connection'")
                == ["0", "5", "–", "–"])
    }

    @Test func `a run over several calendars is one run, and its figures add up`() throws {
        let book = try Book()
        try finish(book, "r1", took: 100, calendar: "k1", counts: [1, 2, 3, 4, 5])
        try finish(book, "r1", took: 50, calendar: "k2", counts: [10, 0, 0, 0, 0])
        #expect(try book.row(Self.counts) == ["1", "2", "1", "0", "0", "0", "0", "150", "150"])
        #expect(
            try book.row(
                "SELECT last_processed, last_created, last_updated, last_deleted, last_milliseconds FROM metric")
                == ["25", "11", "2", "3", "150"])
        try finish(book, "r2", took: 7, counts: [1, 0, 0, 0, 0])
        #expect(
            try book.row(
                "SELECT last_processed, last_created, last_updated, last_deleted, last_milliseconds FROM metric")
                == ["1", "1", "0", "0", "7"])
    }

    @Test(arguments: [true, false])
    func `L47 a run of which one calendar failed is a failure, whichever comes first`(_ failsFirst: Bool) throws {
        let book = try Book()
        let before = try finish(book, "r1", took: 10)
        for fails in [failsFirst, !failsFirst] {
            if fails {
                try fail(book, "r2", took: 100, calendar: "k2")
            } else {
                try finish(book, "r2", took: 40, calendar: "k1")
            }
        }
        #expect(try book.row(Self.counts) == ["2", "5", "1", "1", "0", "0", "1", "150", "10"])
        #expect(
            try book.row("SELECT last_success, last_outcome, last_error_class, last_error_code FROM metric") == [
                String(before), "failure", "rate", "429",
            ])
        try fail(book, "r2", took: 1, calendar: "k3")
        #expect(try book.row("SELECT runs, failures, consecutive_failures FROM metric") == ["2", "1", "1"])
        try fail(book, "r3", took: 1)
        #expect(try book.row("SELECT runs, failures, consecutive_failures FROM metric") == ["3", "2", "2"])
        let last = try finish(book, "r4", took: 20)
        #expect(
            try book.row(
                "SELECT consecutive_failures, last_success, last_outcome, last_error_class, success_milliseconds FROM metric"
            )
                == ["0", String(last), "success", "–", "30"])
    }

    @Test func `failures in a row are counted over a run that was skipped`() throws {
        let book = try Book()
        for outcome in [Outcome.failure, .skipped, .failure, .rescheduled, .failure] { try job(book, outcome) }
        #expect(try book.row(Self.counts) == ["3", "3", "0", "3", "1", "1", "3", "30", "0"])
        let success = try job(book, .success, took: 40, attempts: 2)
        #expect(try book.row(Self.counts) == ["4", "5", "1", "3", "1", "1", "0", "70", "40"])
        #expect(try book.row("SELECT last_success, last_error_class FROM metric") == [String(success), "–"])
        try job(book, .skipped)
        #expect(try book.row("SELECT last_success, last_outcome FROM metric") == [String(success), "success"])
    }

    @Test func `L64 the runs of one owner are not those of another`() throws {
        let book = try Book()
        try finish(book, "r1", took: 10, owner: "ada")
        try finish(book, "r1", took: 20, owner: "bea")
        #expect(
            try book.rows("SELECT owner, runs, duration_milliseconds FROM metric ORDER BY owner") == [
                ["ada", "1", "10"], ["bea", "1", "20"],
            ])
    }

    @Test func `F11 every run is kept, with what became of it`() throws {
        let book = try Book()
        try finish(book, "r1", took: 10, counts: [1, 1, 1, 1, 1])
        try fail(book, "r2", took: 20)
        try book.write(JobFinished()) {
            ($0.job, $0.run, $0.outcome, $0.reason) = (.fetch, "r3", .skipped, .breakerOpen)
            $0.trigger = .manual
        }
        #expect(
            try book.rows(
                "SELECT subject, name, run, trigger, outcome, attempts, duration_milliseconds, processed, reason, error_code FROM run ORDER BY position"
            ) == [
                ["connection", "c", "r1", "scheduled", "success", "1", "10", "5", "–", "–"],
                ["connection", "c", "r2", "scheduled", "failure", "3", "20", "0", "–", "429"],
                ["job", "fetch", "r3", "manual", "skipped", "0", "0", "0", "breaker_open", "–"],
            ])
    }

    @Test func `old runs leave the history when their owner wants so, and the counts stay`() throws {
        let book = try Book()
        try finish(book, "r1", took: 10)
        try fail(book, "r2", took: 20)
        try book.write(RetentionApplied()) { ($0.subject, $0.before) = (.jobs, 1_500) }
        #expect(try book.rows("SELECT run FROM run") == [["r2"]])
        #expect(try book.row("SELECT runs FROM metric") == ["2"])
        try book.write(RetentionApplied(), owner: "bea") { ($0.subject, $0.before) = (.jobs, 9_999) }
        try book.write(RetentionApplied()) { ($0.subject, $0.before) = (.meetings, 9_999) }
        #expect(try book.rows("SELECT run FROM run") == [["r2"]])
    }
}

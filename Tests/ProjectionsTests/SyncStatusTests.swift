import Entries
import Testing

@testable import Projections

/// Which sources are connected, and how their last readings went.
@Suite struct SyncStatusTests {
    private func book() throws -> Book {
        let book = try Book(step: 1_000)
        try book.write(ConnectionAdded()) {
            $0.connection = "c"
            $0.provider = .caldav
            $0.name = "Work"
        }
        for calendar in ["k1", "k2"] {
            try book.write(CalendarFound()) {
                ($0.calendar, $0.connection, $0.providerID) = (calendar, "c", "id-" + calendar)
            }
            try book.write(CalendarChosen()) { ($0.calendar, $0.connection) = (calendar, "c") }
        }
        return book
    }

    @discardableResult
    private func succeed(
        _ book: Book, _ run: String, _ calendar: String? = "k1", started: Int64 = 10, mode: FetchMode = .full,
        cursor: String? = nil, created: Int64 = 0
    ) throws -> Int64 {
        let position = try book.write(FetchFinished()) {
            $0.reading.connection = "c"
            ($0.reading.calendar, $0.reading.run) = (calendar, run)
            ($0.mode, $0.cursor, $0.created, $0.started, $0.attempts, $0.isComplete) = (
                mode, cursor, created, started, 1, true
            )
            ($0.coveredFrom, $0.coveredTo) = (100, 200)
        }
        return try book.at(position)
    }

    private func fail(_ book: Book, _ run: String, _ calendar: String? = "k1", _ errorClass: ErrorClass = .transient)
        throws
    {
        try book.write(FetchFailed()) {
            $0.reading.connection = "c"
            ($0.reading.calendar, $0.reading.run) = (calendar, run)
            ($0.errorClass, $0.errorCode, $0.attempts, $0.started) = (errorClass, "503", 3, 20)
            $0.message = "The server did not answer."
        }
    }

    private func skip(_ book: Book, _ outcome: Outcome = .skipped) throws {
        try book.write(JobFinished()) {
            ($0.connection, $0.outcome, $0.reason, $0.run) = ("c", outcome, .alreadyRunning, "skip")
        }
    }

    private func status(_ book: Book) throws -> [String] {
        try book.row(
            "SELECT last_success, consecutive_failures, last_error_class, last_error_message FROM connection")
    }

    @Test func `a connection that was never read has no success and no failure`() throws {
        #expect(try status(book()) == ["–", "0", "–", "–"])
    }

    @Test func `L17 a run that was skipped is no success, and clears no error`() throws {
        let book = try book()
        let success = try succeed(book, "r1")
        try fail(book, "r2")
        let before = try book.rows("SELECT * FROM connection")
        try skip(book)
        try skip(book, .rescheduled)
        #expect(try book.rows("SELECT * FROM connection") == before)
        #expect(try status(book) == [String(success), "1", "transient", "The server did not answer."])
    }

    @Test func `L47 a failure is a failure until a real success`() throws {
        let book = try book()
        let first = try succeed(book, "r1")
        for run in ["r2", "r3", "r4"] { try fail(book, run) }
        #expect(try status(book) == [String(first), "3", "transient", "The server did not answer."])
        let second = try succeed(book, "r5")
        #expect(try status(book) == [String(second), "0", "–", "–"])
    }

    @Test(arguments: [["k1", "k2"], ["k2", "k1"]])
    func `one calendar that fails makes the run a failure, whichever comes first`(_ order: [String]) throws {
        let book = try book()
        let before = try succeed(book, "r1")
        for calendar in order {
            if calendar == "k1" { try succeed(book, "r2", calendar) } else { try fail(book, "r2", calendar) }
        }
        #expect(try status(book) == [String(before), "1", "transient", "The server did not answer."])
        try fail(book, "r2", "k2")
        #expect(try status(book)[1] == "1", "a run fails once")
        #expect(
            try book.rows("SELECT calendar, consecutive_failures, last_success IS NULL FROM calendar ORDER BY calendar")
                == [["k1", "0", "0"], ["k2", "2", "1"]])
    }

    @Test func `counts are those of the newest run, over all its calendars`() throws {
        let book = try book()
        try succeed(book, "r1", "k1", created: 5)
        try succeed(book, "r2", "k1", created: 2)
        try succeed(book, "r2", "k2", created: 3)
        #expect(try book.row("SELECT created FROM connection") == ["5"])
        #expect(try book.rows("SELECT created FROM calendar ORDER BY calendar") == [["2"], ["3"]])
        try succeed(book, "r3", "k1")
        #expect(try book.row("SELECT created FROM connection") == ["0"])
    }

    @Test func `a delta keeps the cursor that it does not replace, and a full reading takes what it brings`() throws {
        let book = try book()
        try succeed(book, "r1", cursor: "one")
        #expect(try book.row("SELECT cursor, covered_from, covered_to FROM calendar") == ["one", "100", "200"])
        try succeed(book, "r2", mode: .delta)
        #expect(try book.row("SELECT cursor FROM calendar") == ["one"])
        try succeed(book, "r3", mode: .delta, cursor: "two")
        try succeed(book, "r4", mode: .window, cursor: "of no use")
        #expect(try book.row("SELECT cursor FROM calendar") == ["two"])
        try succeed(book, "r5")
        #expect(try book.row("SELECT cursor FROM calendar") == ["–"])
    }

    @Test func `a failed reading leaves the cursor where it was`() throws {
        let book = try book()
        try succeed(book, "r1", cursor: "one")
        try fail(book, "r2")
        #expect(try book.row("SELECT cursor FROM calendar") == ["one"])
    }

    @Test func `a suspected reading is no success, and a later full one clears the suspicion`() throws {
        let book = try book()
        let success = try succeed(book, "r1")
        try book.write(FetchSuspected()) {
            $0.reading.connection = "c"
            ($0.reading.calendar, $0.reading.run, $0.known, $0.found) = ("k1", "r2", 20, 3)
        }
        let sql = "SELECT suspected_run, suspected_known, suspected_found, is_suspicion_confirmed FROM calendar"
        #expect(try book.row(sql) == ["r2", "20", "3", "0"])
        #expect(try status(book)[0] == String(success))
        try book.write(FetchConfirmed()) { ($0.connection, $0.calendar, $0.run) = ("c", "k1", "another") }
        #expect(try book.row(sql)[3] == "0", "of another run")
        try book.write(FetchConfirmed()) { ($0.connection, $0.calendar, $0.run) = ("c", "k1", "r2") }
        #expect(try book.row(sql)[3] == "1")
        try succeed(book, "r3", mode: .delta)
        #expect(try book.row(sql) == ["r2", "20", "3", "1"])
        try succeed(book, "r4")
        #expect(try book.row(sql) == ["–", "–", "–", "0"])
    }

    @Test func `L21 finding a calendar again does not undo what a person chose`() throws {
        let book = try book()
        try book.write(CalendarDropped()) { ($0.calendar, $0.connection) = ("k1", "c") }
        try book.write(CalendarFound()) {
            ($0.calendar, $0.connection, $0.providerID, $0.name) = ("k1", "c", "id-k1", "New name")
        }
        #expect(try book.row("SELECT is_chosen, name FROM calendar") == ["0", "New name"])
        try book.write(CalendarFound()) { ($0.calendar, $0.connection, $0.providerID) = ("k2", "c", "id-k2") }
        #expect(try book.rows("SELECT is_chosen FROM calendar ORDER BY calendar") == [["0"], ["1"]])
    }

    @Test func `a connection is paused, resumed, left alone and read again`() throws {
        let book = try book()
        let sql = "SELECT is_paused, breaker_until, breaker_failures FROM connection"
        try book.write(ConnectionPaused()) { $0.connection = "c" }
        #expect(try book.row(sql) == ["1", "–", "–"])
        try book.write(ConnectionResumed()) { $0.connection = "c" }
        try book.write(BreakerOpened()) { ($0.connection, $0.failures, $0.until) = ("c", 3, 9_000) }
        #expect(try book.row(sql) == ["0", "9000", "3"])
        try book.write(BreakerClosed()) { $0.connection = "c" }
        #expect(try book.row(sql) == ["0", "–", "–"])
    }

    @Test func `a refused credential says so until the next reading`() throws {
        let book = try book()
        try book.write(CredentialGranted()) { $0.connection = "c" }
        try book.write(CredentialRefused()) { ($0.connection, $0.message) = ("c", "Connect it again.") }
        #expect(
            try book.row("SELECT credential, last_error_class, last_error_message FROM connection") == [
                "refused", "auth", "Connect it again.",
            ])
        try book.write(CredentialRenewed()) { $0.connection = "c" }
        try succeed(book, "r1")
        #expect(try book.row("SELECT credential, last_error_class FROM connection") == ["granted", "–"])
    }

    @Test(arguments: [ErrorClass.auth, .transient])
    func `A07 new credentials take back what was said of the old ones, and nothing else`(_ errorClass: ErrorClass)
        throws
    {
        let book = try book()
        try fail(book, "r1", "k1", errorClass)
        try book.write(CredentialGranted()) { $0.connection = "c" }
        let left = errorClass == .auth ? ["0", "–"] : ["1", errorClass.rawValue]
        for table in ["connection", "calendar WHERE calendar = 'k1'"] {
            #expect(try book.row("SELECT consecutive_failures, last_error_class FROM \(table)") == left)
        }
    }

    @Test func `L13 a connection that is removed leaves no row behind that refers to it`() throws {
        let book = try book()
        try fail(book, "r1")
        try skip(book)
        try book.write(MeetingSeen()) {
            ($0.meeting, $0.connection, $0.calendar, $0.providerID) = ("m", "c", "k1", "i")
        }
        try book.write(MeetingQuarantined()) { ($0.connection, $0.calendar, $0.providerID) = ("c", "k1", "bad") }
        try book.write(AlertRaised()) { $0.connection = "c" }
        try book.write(FetchFinished()) {
            $0.reading.connection = "c"
            ($0.reading.calendar, $0.reading.run) = ("k1", "r2")
            var absence = Absence()
            absence.meeting = "m"
            $0.absences = [absence]
        }
        try book.write(ConnectionRemoved()) { $0.connection = "c" }
        for table in ["connection", "calendar", "alert", "meeting_sighting", "meeting_absence", "meeting_quarantine"] {
            #expect(try book.rows("SELECT * FROM \(table)") == [], "\(table)")
        }
        #expect(try book.rows("SELECT * FROM metric WHERE subject = 'connection'") == [])
        #expect(try book.rows("SELECT * FROM run WHERE subject = 'connection'") == [])
        #expect(try book.rows("SELECT meeting, sightings FROM meeting") == [["m", "0"]])
    }

    @Test func `an alert is raised once for a thing, and cleared`() throws {
        let book = try book()
        for failures in [3, 4] as [Int64] {
            try book.write(AlertRaised()) { ($0.connection, $0.failures) = ("c", failures) }
        }
        try book.write(AlertRaised()) { ($0.alert, $0.job) = (.failingJob, .match) }
        #expect(
            try book.rows("SELECT alert, subject, failures FROM alert ORDER BY alert") == [
                ["failing_connection", "c", "4"], ["failing_job", "match", "–"],
            ])
        try book.write(AlertCleared()) { $0.connection = "c" }
        #expect(try book.rows("SELECT alert FROM alert") == [["failing_job"]])
    }

    @Test func `only one calendar of an owner may be written to`() throws {
        let book = try book()
        for calendar in ["k1", "k2"] {
            try book.write(WritingAllowed()) { ($0.connection, $0.calendar) = ("c", calendar) }
        }
        #expect(try book.rows("SELECT calendar FROM calendar WHERE is_writing_allowed = 1") == [["k2"]])
        try book.write(WritingForbidden()) { ($0.connection, $0.calendar) = ("c", "k2") }
        #expect(try book.rows("SELECT calendar FROM calendar WHERE is_writing_allowed = 1") == [])
    }

    @Test func `what changed is changed, what is cleared is empty, and the rest stays`() throws {
        let book = try book()
        try book.write(ConnectionChanged()) {
            ($0.connection, $0.email, $0.syncFrequencyMinutes, $0.isSyncEnabled) = ("c", "a@example.org", 30, false)
        }
        try book.write(ConnectionChanged()) { ($0.connection, $0.cleared) = ("c", ["email"]) }
        #expect(
            try book.row("SELECT name, email, sync_frequency_minutes, is_sync_enabled, sync_from_days FROM connection")
                == ["Work", "–", "30", "0", "90"])
    }
}

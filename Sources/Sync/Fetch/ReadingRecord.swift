import Entries
import Ledger
import Providers

/// A round that was asked to stop while a source was being read. The next round reads it as if this one had not begun.
public struct ReadingStopped: Error {
    public init() {}
}

/// The entries about a reading itself: how it went, whatever was read.
struct ReadingRecord {
    let desk: Desk
    let owner: String
    /// The calendar, or the connection where it was not one calendar that was read.
    let stream: String
    let reading: FetchRun

    func finished(_ summary: FetchStage.Summary, _ mode: FetchMode, _ started: Int64) -> FetchFinished {
        var finished = FetchFinished()
        finished.reading = reading
        finished.mode = mode
        finished.pages = 1
        finished.created = summary.created
        finished.updated = summary.updated
        finished.deleted = summary.deleted
        finished.unchanged = summary.unchanged
        finished.quarantined = summary.quarantined
        finished.attempts = 1
        finished.started = started
        finished.durationMilliseconds = summary.milliseconds
        return finished
    }

    /// Writes down that it failed. What was found before stays; the cursor is as it was.
    ///
    /// Throws `ReadingStopped` where somebody here ended it: then nothing is written down.
    func fail(_ failure: ReadingFailure, _ started: Int64) throws -> FetchStage.Summary {
        if failure.isInterruption { throw ReadingStopped() }
        var summary = FetchStage.Summary()
        summary.outcome = .failed(failure)
        summary.milliseconds = desk.now() - started
        var failed = FetchFailed()
        failed.reading = reading
        failed.mode = .full
        failed.errorClass = failure.errorClass
        failed.errorCode = failure.code
        failed.attempts = failure.attempts
        failed.started = started
        failed.retry = failure.retryAfterMilliseconds.map { desk.now() + $0 }
        failed.durationMilliseconds = summary.milliseconds
        failed.message = failure.message
        try desk.append(failed, stream: stream, owner: owner)
        return summary
    }

    /// Writes down that it found far too little, so that nothing of it was applied.
    func suspect(_ suspicion: Suspicion, coveredFrom: Int64?, _ started: Int64) throws -> FetchStage.Summary {
        var suspected = FetchSuspected()
        suspected.reading = reading
        suspected.known = suspicion.known
        suspected.found = suspicion.found
        suspected.coveredFrom = coveredFrom
        try desk.append(suspected, stream: stream, owner: owner)
        var summary = FetchStage.Summary()
        summary.outcome = .suspected(known: suspicion.known, found: suspicion.found)
        summary.milliseconds = desk.now() - started
        return summary
    }

    /// A later reading found as little as the one that was suspected: so it is.
    func confirmed(_ run: String, found: Int64) -> Draft {
        var confirmed = FetchConfirmed()
        confirmed.connection = reading.connection
        confirmed.calendar = reading.calendar
        confirmed.run = run
        confirmed.confirmation = .laterReading
        confirmed.found = found
        return desk.draft(confirmed, stream: stream, owner: owner)
    }
}

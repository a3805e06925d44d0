import Ledger
import Machine
import SQLite
import Synchronization

/// Posts a whole ledger into a new file.
///
/// A projection touches no tables but its own, so two can be posted at the same time. Where there are two processors
/// and many entries, the largest projection is posted into the file, and beside it, on a thread of its own, all others
/// into a second file, whose tables the first then takes over. The rows are the same either way.
struct Builder {
    let folder: String
    let projections: [Projection]
    let reader: LedgerReader

    /// With fewer entries one thread is done before it matters.
    var fewestEntriesForTwo: Int64 = 50_000

    /// It begins as all files of views do, so that one that a kill left behind is swept away with the others.
    private var besidePath: String { folder + "/views-beside.db" }

    func fill(_ path: String, _ progress: Views.Progress) throws {
        let last = try reader.lastPosition()
        let largest = projections.max { $0.file.byteCount < $1.file.byteCount }
        let others = projections.filter { $0.name != largest?.name }
        guard let largest, !others.isEmpty, last >= fewestEntriesForTwo, reader.isOnDisk,
            ThisProcess.processorCount > 1
        else {
            _ = try Self.fill(path, projections, reader, to: last) { try progress($0, last) }
            return
        }
        let file = try fillBeside(others, to: last) {
            try Self.fill(path, [largest], reader, to: last) { try progress($0, last) }
        }
        defer { Views.remove(besidePath) }
        try file.takeOver(others, from: besidePath)
    }

    /// Does the work of the closure, and posts the other projections into a file beside at the same time.
    private func fillBeside(
        _ others: [Projection], to last: Int64, _ work: () throws -> ViewsFile
    ) throws -> ViewsFile {
        let (path, ledger, isGivenUp) = (besidePath, reader.path, Flag())
        Views.remove(path)
        let beside = try Background {
            _ = try Self.fill(path, others, LedgerReader(path: ledger), to: last) { _ in
                if isGivenUp.isSet { throw CancellationError() }
            }
        }
        let own = Result { try work() }
        if case .failure = own { isGivenUp.set() }
        // Waited for once, however the work ended: then nobody writes any more.
        let other = Result { try beside.wait() }
        do {
            let file = try own.get()
            try other.get()
            return file
        } catch {
            Views.remove(path)
            throw Self.earlier(error, other)
        }
    }

    /// Of two entries that could not be posted, the one that one thread alone would have met.
    private static func earlier(_ error: any Error, _ other: Result<Void, any Error>) -> any Error {
        guard case .failure(let second as PostingError) = other, let first = error as? PostingError else {
            return error
        }
        return second.position < first.position ? second : first
    }

    private static func fill(
        _ path: String, _ projections: [Projection], _ reader: LedgerReader, to last: Int64,
        _ progress: (Int64) throws -> Void
    ) throws -> ViewsFile {
        let file = try ViewsFile.create(path: path, as: .scratch, projections, readFrom: last)
        _ = try Follower(file, projections).follow(reader, to: last, progress: progress)
        return file
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .relaxed) }
        func set() { value.store(true, ordering: .relaxed) }
    }
}

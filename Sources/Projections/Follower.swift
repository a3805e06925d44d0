import Entries
import Ledger
import SQLite
import Secrets

/// Posts the entries of a ledger into a file of views, from where the file stands. Following one entry, catching up and
/// rebuilding are this code; they differ in how many entries there are and in which file they go.
final class Follower {
    private let file: ViewsFile
    private let poster: Poster

    /// Entries in one transaction: more would make a kill costly, fewer the commits. In a file that is thrown away by a
    /// kill everything is one transaction, because each commit writes the pages that the next will change again.
    private static let batch: Int64 = 20_000

    /// To sort an index takes memory for each row, so the later ones find the indexes there.
    private static let mostEntriesWithoutIndexes: Int64 = 2_000_000

    init(_ file: ViewsFile, _ projections: [Projection]) {
        self.file = file
        poster = Poster(projections, into: file)
    }

    /// Why following ended.
    enum End: Equatable {
        case caughtUp(Int64)
        /// Something personal was erased that may have been posted: the views must be posted anew.
        case metErasure(Int64)
    }

    /// Follows up to `last`. `progress` hears the position from time to time; what it throws ends the work after the
    /// batch before.
    func follow(
        _ reader: LedgerReader, to last: Int64, progress: (Int64) throws -> Void = { _ in }
    ) throws -> End {
        guard var mark = try file.mark() else {
            throw SQLiteError(code: 11, message: "\(file.path) is no file of views")
        }
        guard file.isScratch else { return try follow(reader, from: &mark, to: last, progress) }
        return try file.connection.transaction {
            let begin = mark.position
            let end = try follow(reader, from: &mark, to: last) { position in
                if position - begin >= Self.mostEntriesWithoutIndexes { try file.makeIndexes() }
                try progress(position)
            }
            try file.makeIndexes()
            return end
        }
    }

    private func follow(
        _ reader: LedgerReader, from mark: inout ViewsFile.Mark, to last: Int64, _ progress: (Int64) throws -> Void
    ) throws -> End {
        while mark.position < last {
            let end = min(last, mark.position + Self.batch)
            if let erasure = try post(reader, &mark, to: end) { return .metErasure(erasure) }
            try progress(mark.position)
        }
        return .caughtUp(mark.position)
    }

    /// One batch: a transaction, or a part of the one that is open. It answers the position of an erasure that the file cannot follow; then nothing was posted.
    private func post(_ reader: LedgerReader, _ mark: inout ViewsFile.Mark, to end: Int64) throws -> Int64? {
        var next = mark
        var erasure: Int64?
        do {
            try inTransaction {
                try reader.scan(Query(from: mark.position + 1, to: end)) { entry in
                    guard entry.position == next.position + 1 else {
                        throw PostingError(
                            position: next.position + 1, type: "none",
                            problem: "it is missing; the next entry is \(entry.position)")
                    }
                    if entry.position > mark.readFrom, entry.type == PersonalErased.type {
                        erasure = entry.position
                        throw Met()
                    }
                    try poster.post(entry)
                    next.position = entry.position
                    next.hash = entry.hash
                    return true
                }
                guard next.position == end else {
                    throw PostingError(position: next.position + 1, type: "none", problem: "it is missing")
                }
                try file.move(to: next.position, next.hash)
            }
        } catch is Met {
            return erasure
        }
        mark = next
        return nil
    }

    private func inTransaction(_ body: () throws -> Void) throws {
        if file.connection.isInTransaction { try body() } else { try file.connection.transaction(body) }
    }

    /// Leaves the transaction without a commit.
    private struct Met: Error {}
}

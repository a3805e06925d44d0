import Ledger
import Machine
import Secrets

/// Writing the ledger.
enum Appending {
    private static let surroundings = LedgerWriter.Surroundings(now: { Moment.now() }, randomness: .system)

    /// An empty ledger, for the C program to write to.
    static func create(_ path: String) throws { _ = try LedgerWriter.create(at: path, surroundings) }

    /// Appends the drafts in batches, each a transaction of its own. Reading the drafts is not counted.
    static func append(_ drafts: borrowing DraftFile, to path: String, batch: Int, count: Int) throws {
        let writer = try LedgerWriter.create(at: path, surroundings)
        var spent = Effort()
        var done = 0
        while done < count, let chunk = try drafts.next() {
            let wanted = chunk.prefix(count - done)
            try spent.add {
                for first in stride(from: 0, to: wanted.count, by: batch) {
                    try writer.append(Array(wanted[first..<min(first + batch, wanted.count)]))
                }
            }
            done += wanted.count
        }
        try writer.settle()
        Measurement.report("append \(batch)", count: done, spent, fileBytes: Folder.facts(path)?.byteCount)
    }

    static func writer(_ path: String) throws -> LedgerWriter { try LedgerWriter(path: path, surroundings) }
}

import Ledger
import Machine
import Projections
import Rehearsal

/// Posting into the views.
enum Posting {
    private static func projections() throws -> [Projection] { try [Projection](checking: .embedded()) }

    /// All views anew, in a folder that holds none.
    static func rebuild(_ ledger: String, in folder: String) throws {
        let reader = try LedgerReader(path: ledger)
        var views: Views?
        let spent = try Effort.of {
            views = try Views.open(in: folder, projections(), reader: reader).views
        }
        guard let views else { return }
        let count = try views.position()
        Measurement.report(
            "rebuild \(count)", count: Int(count), spent,
            fileBytes: Folder.facts(views.path)?.byteCount)
    }

    /// One entry after the other, each appended and then followed into all views; only the following is counted.
    static func follow(_ ledger: String, in folder: String) throws {
        let entries = 2_000
        let writer = try Appending.writer(ledger)
        let views = try Views.open(in: folder, projections(), reader: writer.reader).views
        var invention = Invention(seed: 2, after: writer.head.size)
        var spent: [Duration] = []
        for _ in 0..<entries {
            try writer.append(invention.next())
            spent.append(try ContinuousClock().measure { try views.follow() })
        }
        spent.sort()
        Measurement.report("follow", count: 1, spent[entries / 2])
        Measurement.report("follow, 99 of 100 within", count: 1, spent[entries * 99 / 100])
    }
}

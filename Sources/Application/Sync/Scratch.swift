import Ledger
import Machine
import Projections
import Secrets
import Sync

/// A copy of a home in which something can be tried: it is thrown away, whatever was written in it.
extension OpenHome {
    func inScratch<Answer>(_ body: (Desk, Views) throws -> Answer) throws -> Answer {
        let place = folder.path + "/scratch-" + options.randomness.identifier()
        try Folder.create(place)
        defer { try? Folder.removeFolder(place) }
        let views = try views()
        try writer.copy(to: place + "/ledger.db")
        try views.copy(into: place)
        let copy = try LedgerWriter(
            path: place + "/ledger.db", .init(now: options.now, randomness: options.randomness))
        let (copied, _) = try Views.open(in: place, try projections(), reader: copy.reader)
        let desk = Desk(
            reader: copy.reader,
            views: {
                try copied.follow()
                return copied
            }, append: { try copy.append($0) }, nameMaker: nameMaker, randomness: options.randomness,
            now: options.now, zones: Zones.book(), actor: Actor.asking, cursorSeal: cursorSeal,
            report: { [options] work, done, all in try options.progress(Progress(work: work, done: done, all: all)) })
        return try body(desk, copied)
    }
}

import Entries
public import ICalendar
import Ledger
import Machine
import Sync

/// The way from a home to the stages that work in it.
extension OpenHome {
    /// What the stages need of this home.
    func desk(actor: String = Actor.asking) -> Desk {
        Desk(
            reader: reader, views: { [unowned self] in try self.views() },
            append: { [unowned self] drafts in try self.append(drafts) }, nameMaker: nameMaker,
            randomness: options.randomness, now: options.now, zones: Zones.book(), actor: actor, cursorSeal: cursorSeal,
            report: { [options] work, done, all in try options.progress(Progress(work: work, done: done, all: all)) },
            pause: options.pause)
    }
}

/// The time zones of this machine.
public enum Zones {
    /// Where Debian's tzdata lies.
    static let folder = ThisProcess.variable("TZDIR") ?? "/usr/share/zoneinfo"

    /// Whether there are zones at all; without them nothing can be said about a name.
    static var isPlaced: Bool { Folder.isFolder(folder) }

    /// The version of the data, as 2025b; nil where nothing says it.
    static var version: String? {
        guard let file = try? File.reading(folder + "/tzdata.zi"), let bytes = try? file.read(upTo: 64) else {
            return nil
        }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first ?? ""
        return line.hasPrefix("# version ") ? String(line.dropFirst(10)) : nil
    }

    /// A book that remembers what was found in it, for one thread.
    public static func book() -> ZoneBook {
        ZoneBook { name in
            let path = folder + "/" + name
            return Folder.isFile(path) ? try? Folder.read(path, limit: 1 << 20) : nil
        }
    }
}

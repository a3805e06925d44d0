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

    private static let remembered = Guarded<[String: (file: Folder.Facts, zone: Zone)]>([:])

    /// The zone in which a user reads times. It is asked for at each look at a page, so it is kept until its file changes.
    static func ofUser(_ name: String) -> Zone? {
        let file = Folder.facts(folder + "/" + name)
        if let file, let known = remembered.with({ $0[name] }), known.file == file { return known.zone }
        guard let zone = book().find(name)?.zone else { return nil }
        // Only what lies under its own name has a file that tells of a change.
        if let file, zone.name == name { remembered.with { $0[name] = (file, zone) } }
        return zone
    }

    /// A book that remembers what was found in it, for one thread.
    public static func book() -> ZoneBook {
        ZoneBook { name in
            let path = folder + "/" + name
            return Folder.isFile(path) ? try? Folder.read(path, limit: 1 << 20) : nil
        }
    }
}

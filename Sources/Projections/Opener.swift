import Ledger
import Machine
import SQLite

/// Finds the file of views that can be used, and builds a new one where there is none.
struct Opener {
    let folder: String
    let projections: [Projection]
    let reader: LedgerReader

    private var pointer: String { folder + "/views.current" }

    func open(_ progress: Views.Progress) throws -> (ViewsFile, [Views.Notice]) {
        switch try find() {
        case .usable(let file):
            sweep(keeping: file)
            return (file, [])
        case .changed(let file, let names, let notice):
            return (try build(replacing: file, only: names, progress), [Views.Notice(text: notice)])
        case .none(let notice):
            return (try build(replacing: nil, only: nil, progress), notice.map { [Views.Notice(text: $0)] } ?? [])
        }
    }

    /// The file that counts, for who only reads it.
    func openForReading() throws -> ViewsFile {
        guard let path = currentPath else {
            throw SQLiteError(code: 14, message: "no views were posted in \(folder) yet")
        }
        return try ViewsFile(path: path, as: .reader)
    }

    /// Another one each time that other views are named as those that count.
    struct Naming: Equatable {
        let file: Folder.Identity
        let at: Int64
    }

    var namedAt: Naming? {
        guard let file = Folder.identity(pointer), let facts = Folder.facts(pointer) else { return nil }
        return Naming(file: file, at: facts.changedAt)
    }

    var currentPath: String? {
        let name = (try? Folder.read(pointer, limit: 256)) ?? []
        let text = String(decoding: name, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        return number(of: text) == nil ? nil : folder + "/" + text
    }

    private enum Found {
        case usable(ViewsFile)
        /// Some projections are to be posted anew.
        case changed(ViewsFile, Set<String>, String)
        case none(String?)
    }

    private func find() throws -> Found {
        guard Folder.exists(pointer) else {
            // A new home has neither; then there is nothing to tell.
            let isNew = try nextNumber() == 1
            return .none(isNew ? nil : "views.current is missing; the views are posted anew")
        }
        let name = (try? Folder.read(pointer, limit: 256)) ?? []
        let text = String(decoding: name, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        guard number(of: text) != nil else {
            return .none("views.current names no file of views; they are posted anew")
        }
        guard Folder.exists(folder + "/" + text) else { return .none("\(text) is missing; it is posted anew") }
        do {
            let file = try ViewsFile(path: folder + "/" + text, as: .ownerOfDerived)
            guard let mark = try file.mark() else { return .none("\(text) is of another format; it is posted anew") }
            if let reason = try foreignness(mark) { return .none("\(text) \(reason); it is posted anew") }
            return try compare(file)
        } catch let error as SQLiteError where error.kind != .busy && error.kind != .full {
            return .none("\(text) cannot be used (\(error.message)); it is posted anew")
        }
    }

    /// Why the views are not those of this ledger; nil if they are.
    private func foreignness(_ mark: ViewsFile.Mark) throws -> String? {
        if mark.position == 0 { return nil }
        guard let hash = try reader.hash(at: mark.position) else { return "is ahead of the ledger" }
        return hash == mark.hash ? nil : "belongs to another ledger"
    }

    private func compare(_ file: ViewsFile) throws -> Found {
        let found = try file.digests()
        let changed = projections.filter { found[$0.name] != nil && found[$0.name] != $0.file.digest }.map(\.name)
        let added = projections.filter { found[$0.name] == nil }.map(\.name)
        let dropped = Set(found.keys).subtracting(projections.map(\.name)).sorted()
        if changed.isEmpty && added.isEmpty && dropped.isEmpty { return .usable(file) }
        let parts = [("changed", changed), ("new", added), ("gone", dropped)]
            .filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }
        return .changed(
            file, Set(changed + added),
            "projections are not those of last time (\(parts.joined(separator: "; "))); they are posted anew")
    }

    // MARK: Building

    /// Builds a file beside the one in use and makes it the one that counts. With `only`, the tables of the other
    /// projections are taken over.
    func build(replacing old: ViewsFile?, only names: Set<String>?, _ progress: Views.Progress) throws -> ViewsFile {
        let name = "views-\(try nextNumber()).db"
        let path = folder + "/" + name
        Views.remove(path)
        do {
            if let old, let names { try fillPartly(path, from: old, names, progress) } else { try fill(path, progress) }
            try Folder.synchronize(path)
            let file = try ViewsFile(path: path, as: .ownerOfDerived)
            try Folder.replace(pointer, with: Array("\(name)\n".utf8))
            sweep(keeping: file)
            return file
        } catch {
            Views.remove(path)
            throw error
        }
    }

    private func fill(_ path: String, _ progress: Views.Progress) throws {
        try Builder(folder: folder, projections: projections, reader: reader).fill(path, progress)
    }

    /// Takes the file over, empties the tables of the projections in question, and posts those up to where the others
    /// stand.
    private func fillPartly(
        _ path: String, from old: ViewsFile, _ names: Set<String>, _ progress: Views.Progress
    ) throws {
        try old.connection.copy(to: path)
        let file = try ViewsFile(path: path, as: .scratch)
        guard let mark = try file.mark() else { return try fill(path, progress) }
        let kept = projections.filter { !names.contains($0.name) }
        let keptTables = Set(kept.flatMap(\.tables).map(\.name))
        for table in try file.tables() where !keptTables.contains(table) {
            try file.connection.execute("DROP TABLE \(Projection.Table.quote(table))")
        }
        let keptNames = Set(kept.map(\.name))
        for name in try file.digests().keys where !keptNames.contains(name) {
            try file.connection.prepare("DELETE FROM posted_projection WHERE name = ?").run(.text(name))
        }
        let fresh = projections.filter { names.contains($0.name) }
        for projection in fresh { try file.add(projection) }
        try file.move(to: 0, nil)
        _ = try Follower(file, fresh).follow(reader, to: mark.position) { try progress($0, mark.position) }
    }

    private func nextNumber() throws -> Int64 {
        (try Folder.names(in: folder).compactMap(number).max() ?? 0) + 1
    }

    private func number(of name: String) -> Int64? {
        guard name.hasPrefix("views-"), name.hasSuffix(".db") else { return nil }
        return Int64(name.dropFirst(6).dropLast(3))
    }

    /// Removes what a kill left behind, and files that were replaced. Who has one open keeps it until he closes it.
    private func sweep(keeping file: ViewsFile) {
        for name in (try? Folder.names(in: folder)) ?? [] where name.hasPrefix("views-") {
            let path = folder + "/" + name
            if !path.hasPrefix(file.path) { try? Folder.remove(path) }
        }
    }
}

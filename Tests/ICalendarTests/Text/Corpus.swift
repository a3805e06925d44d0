import Foundation

/// Files that other programs were tested with, where they stand beside the project. None of them belongs to it.
enum Corpus {
    /// Nil on a machine without them.
    static let folder: URL? = {
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        let root = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appendingPathComponent("../shared/corpus").standardizedFileURL
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    static var isThere: Bool { folder != nil }

    /// The files of some extensions, by their paths below the folder, in the order of their names.
    static func files(_ extensions: String...) -> [(path: String, bytes: [UInt8])] {
        guard let folder, let names = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        let paths = names.compactMap { $0 as? String }.filter { path in extensions.contains { path.hasSuffix("." + $0) }
        }
        return paths.sorted().compactMap { path in
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(path)) else { return nil }
            return (path, [UInt8](data))
        }
    }

    /// What the list of the files says of each: whether two other readers accepted it, and how many events it has.
    static func verdicts() -> [String: Verdict] {
        guard let folder,
            let list = try? String(contentsOf: folder.appendingPathComponent("MANIFEST.tsv"), encoding: .utf8)
        else { return [:] }
        let rows = list.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        guard let header = rows.first?.map(String.init), let events = header.firstIndex(of: "vevents"),
            let python = header.firstIndex(of: "py"), let libical = header.firstIndex(of: "libical"),
            let structure = header.firstIndex(of: "structure"), let family = header.firstIndex(of: "family")
        else { return [:] }
        var verdicts: [String: Verdict] = [:]
        for row in rows.dropFirst() where row.count > max(events, python, libical, structure) {
            verdicts[String(row[0])] = Verdict(
                family: String(row[family]), structure: String(row[structure]), events: Int(row[events]) ?? 0,
                python: String(row[python]), libical: String(row[libical]))
        }
        return verdicts
    }

    struct Verdict {
        let family: String
        let structure: String
        let events: Int
        let python: String
        let libical: String
    }
}

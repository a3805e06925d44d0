import FoundationEssentials
import Ledger
import Machine
import Secrets

/// A backup: the ledger in one file, encrypted with a key that is derived from the master key.
///
///     daybook backup 1            a line
///     { … }                       a line of JSON: what is in it (see Header)
///     24 bytes                    the header of the stream (libsodium secretstream, XChaCha20-Poly1305)
///     blocks                      65,536 bytes each, the last one shorter, and 17 more for each
///
/// Both lines are authenticated with every block, so nothing of the file can be altered, moved or cut off unnoticed.
/// The master key is not in it: keep that elsewhere. The views are not in it: they are posted again.
enum BackupFile {
    static let firstLine = "daybook backup 1\n"
    private static let blockByteCount = 65_536
    private static let longestHeader = 64 << 10

    struct Header: Codable, Equatable {
        let origin: String
        let size: Int64
        let root: String
        let createdAt: Int64
        /// The signed checkpoint that the ledger in the backup must fit.
        let note: String
        let byteCount: Int64
        /// Tells which key it needs, for a home may have had several.
        let key: String?
    }

    static func write(
        _ header: Header, ledger: String, to path: String, _ key: BackupKey, _ report: (Int64) throws -> Void
    )
        throws
    {
        let lines = Array(firstLine.utf8) + Array(try JSONEncoder().encode(header)) + [0x0a]
        let sealer = key.sealer()
        let source = try File.reading(ledger)
        let target = try File.creating(path)
        try target.write(lines + sealer.header)
        var done: Int64 = 0
        while true {
            let block = try source.read(upTo: blockByteCount)
            let isLast = block.count < blockByteCount
            try target.write(sealer.seal(block, associated: lines, isLast: isLast))
            done += Int64(block.count)
            try report(done)
            if isLast { break }
        }
        try target.synchronize()
    }

    /// Decrypts the ledger into a new file, and answers what the backup says of it.
    static func read(
        _ path: String, into ledger: String, _ key: BackupKey, isOwn: (Header) -> Bool,
        report: (Int64, Int64) throws -> Void
    ) throws -> Header {
        let target = try File.creating(ledger)
        let header = try decrypt(
            path, key, isOwn: isOwn,
            take: { block, done, all in
                try target.write(block)
                try report(done, all)
            })
        try target.synchronize()
        return header
    }

    /// Reads a backup to its end, and keeps nothing: whether it could be restored.
    static func check(_ path: String, _ key: BackupKey) throws {
        _ = try decrypt(path, key, isOwn: { _ in true }, take: { _, _, _ in })
    }

    /// What a backup says of itself, before anything of it was proved.
    static func header(of path: String) throws -> Header { try readLines(try opened(path), path).header }

    /// `isOwn` tells whether the key is that of the home from which the backup came: its checkpoint is signed with it.
    private static func decrypt(
        _ path: String, _ key: BackupKey, isOwn: (Header) -> Bool,
        take: (_ block: [UInt8], _ done: Int64, _ all: Int64) throws -> Void
    ) throws -> Header {
        let source = try opened(path)
        let (lines, header, rest) = try readLines(source, path)
        let headerEnd = BackupKey.headerByteCount
        guard rest.count >= headerEnd, let opener = key.opener(header: Array(rest.prefix(headerEnd))) else {
            throw cut(path)
        }
        var waiting = Array(rest.dropFirst(headerEnd))
        var done: Int64 = 0
        while true {
            waiting += try source.read(upTo: blockByteCount + BackupKey.overhead - waiting.count)
            guard let (block, isLast) = opener.open(waiting, associated: lines) else {
                let needsAnother = header.key.map { $0 != key.id } ?? !isOwn(header)
                throw done == 0 && needsAnother ? wrongKey(path) : cut(path)
            }
            done += Int64(block.count)
            try take(block, done, header.byteCount)
            waiting = []
            if isLast { break }
        }
        guard try source.read(upTo: 1).isEmpty, done == header.byteCount else { throw cut(path) }
        return header
    }

    private static func opened(_ path: String) throws -> File {
        do {
            return try File.reading(path)
        } catch {
            if !error.isMissing && !error.isForbidden { throw error }
            throw Refusal(.badRequest, error.description, hint: "Name a file that “daybook backup” has written.")
        }
    }

    private static func readLines(
        _ source: borrowing File, _ path: String
    ) throws -> (lines: [UInt8], header: Header, rest: [UInt8]) {
        let start = try source.read(upTo: longestHeader)
        guard start.starts(with: firstLine.utf8) else {
            throw Refusal(.badRequest, "\(path) is no backup of Daybook", hint: "“daybook backup FILE” makes one.")
        }
        let afterFirst = firstLine.utf8.count
        guard let end = start[afterFirst...].firstIndex(of: 0x0a),
            let header = try? JSONDecoder().decode(Header.self, from: Data(start[afterFirst..<end]))
        else { throw cut(path) }
        // A small backup is read whole at once; a block is never split between this read and the next.
        return (Array(start[...end]), header, Array(start[(end + 1)...]))
    }

    private static func cut(_ path: String) -> Refusal {
        Refusal(.failed, "\(path) is damaged or cut off", hint: "Nothing was restored. Use another backup.")
    }

    private static func wrongKey(_ path: String) -> Refusal {
        Refusal(
            .wrongKey, "\(path) was made with another master key, or is damaged",
            hint: "Name the key that the home had then: --key FILE.")
    }
}

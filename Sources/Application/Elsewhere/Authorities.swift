import Machine

/// A file of certificates that are trusted beside those of the system, looked at before anything is asked with it.
enum Authorities {
    private static let mostBytes = 4 << 20

    /// Its absolute path, for it is read again from wherever Daybook runs then.
    static func checked(_ path: String?) throws -> String? {
        guard let path else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try Folder.read(path, limit: mostBytes)
        } catch {
            throw Refusal(.badRequest, "\(error)", hint: "Name a file with certificates (PEM): --authorities FILE")
        }
        guard bytes.firstRange(of: Array("-----BEGIN CERTIFICATE-----".utf8)) != nil else {
            throw Refusal(.badRequest, "\(path) holds no PEM certificate")
        }
        return Folder.absolute(path)
    }
}

import Entries
import Machine
import Projections
import SQLite
import Secrets
import Sync

/// Takes over the people of an address book that was sent as text. Under the same name it is the same book: what changed
/// is taken over, and what is not in it any more is gone.
///
/// The text is written to a file of the home for as long as it is read, and to no place that whoever sent it can choose.
public struct UploadPeopleRequest: Request {
    public static let name = "upload_people"

    public var user: String?
    /// What the book is called.
    public var book: String
    public var format: PeopleFormat
    public var text: String
    public var isDryRun = false

    public init(user: String?, book: String, format: PeopleFormat, text: String) {
        self.user = user
        self.book = book
        self.format = format
        self.text = text
    }

    public func answer(in home: OpenHome) throws -> ImportPeopleRequest.Answer {
        let viewer = try home.viewer(user)
        guard !book.isEmpty else { throw Refusal(.badRequest, "the name of the book is empty", field: "book") }
        let folder = home.folder.path + "/uploads"
        if !Folder.isFolder(folder) { try Folder.create(folder) }
        let mark = home.desk().names.mark(Array("\(viewer.user)\n\(book)".utf8))
        let path = "\(folder)/\(mark).\(format == .csv ? "csv" : "vcf")"
        try Folder.replace(path, with: Array(text.utf8))
        // It holds people, and the ledger holds them now: whoever erases somebody must not forget a file.
        defer { try? Folder.remove(path) }
        var request = ImportPeopleRequest(user: user, path: path)
        request.isUploaded = true
        request.newName = try isNew(path, viewer, home) ? book : nil
        request.isDryRun = isDryRun
        var answer = try request.answer(in: home)
        answer.path = ""
        return answer
    }

    private func isNew(_ path: String, _ viewer: Viewer, _ home: OpenHome) throws -> Bool {
        let desk = home.desk()
        let account = desk.names.account(viewer.user, provider: "people", path)
        return try desk.read { views in
            try views.prepare("SELECT 1 FROM connection WHERE owner = ? AND account = ?")
                .first(.text(viewer.user), .text(account)) { _ in true } == nil
        }
    }
}

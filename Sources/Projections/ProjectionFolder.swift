import Machine

extension [ProjectionFile] {
    /// The projections of a folder, one in each file `NAME.sql`, in the order of their names.
    public init(folder: String) throws {
        let names = try Folder.names(in: folder).filter { $0.hasSuffix(".sql") }
        self = try names.map { name in
            let text = try Folder.read(folder + "/" + name, limit: Self.longest)
            return try ProjectionFile(name: String(name.dropLast(4)), text: String(decoding: text, as: UTF8.self))
        }
    }

    /// Nobody writes a projection of a megabyte by hand.
    private static var longest: Int { 1 << 20 }
}

/// The projections that are part of the program; the files stand in `/projections`.
extension [ProjectionFile] {
    public static func embedded() throws -> [ProjectionFile] { try read.get() }

    private static let read = Result {
        try EmbeddedText.all.map { try ProjectionFile(name: $0.name, text: String(decoding: $0.text, as: UTF8.self)) }
    }
}

extension [Projection] {
    /// The projections of the program. A process looks through them once, however many homes and readers it opens.
    public static func embedded() throws -> [Projection] { try checked.get() }

    private static let checked = Result { try [Projection](checking: .embedded()) }
}

enum EmbeddedText {
    static let all: [(name: String, text: [UInt8])] = [
        ("access", PackageResources.access_sql),
        ("activity", PackageResources.activity_sql),
        ("address", PackageResources.address_sql),
        ("conflict", PackageResources.conflict_sql),
        ("entry_index", PackageResources.entry_index_sql),
        ("hook", PackageResources.hook_sql),
        ("job_queue", PackageResources.job_queue_sql),
        ("meeting", PackageResources.meeting_sql),
        ("metrics", PackageResources.metrics_sql),
        ("person", PackageResources.person_sql),
        ("progress", PackageResources.progress_sql),
        ("series", PackageResources.series_sql),
        ("setting", PackageResources.setting_sql),
        ("sync_status", PackageResources.sync_status_sql),
        ("user", PackageResources.user_sql),
        ("watch", PackageResources.watch_sql),
    ]
}

import Arguments

/// With what a connection that is made or renewed may end, besides what every verb may end with.
enum ConnectExits {
    static let refused = ExitCode(
        ExitStatus.needsCredentials, "The server refused the user name or the password, or nobody said yes.")
    static let unread = ExitCode(ExitStatus.incomplete, "It is connected, and could not be read, or not all of it.")

    static let files = [unread]
    static let elsewhere = [unread, refused]
}

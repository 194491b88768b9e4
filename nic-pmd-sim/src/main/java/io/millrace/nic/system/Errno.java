package io.millrace.nic.system;

/// Numbers by which Linux says why a call failed (`errno.h`), and their meaning in words.
public final class Errno {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int EBADFD = 77;
    public static final int EOPNOTSUPP = 95;
    public static final int ENETDOWN = 100;
    public static final int ENOBUFS = 105;

    /// Of a result of [SystemCalls] below 0, or of the number itself.
    public static String meaning(long result) {
        int errno = (int) Math.abs(result);
        return switch (errno) {
            case EPERM -> "operation not permitted";
            case ENOENT -> "no such file";
            case EINTR -> "interrupted";
            case EIO -> "input/output error";
            case ENXIO, ENODEV -> "no such device";
            case EAGAIN -> "try again";
            case ENOMEM, ENOBUFS -> "out of memory";
            case EACCES -> "permission denied";
            case EBUSY -> "in use";
            case EEXIST -> "exists already";
            case EINVAL -> "invalid argument";
            case EMFILE -> "too many open files";
            case EBADFD -> "device is gone";
            case EOPNOTSUPP -> "not supported";
            case ENETDOWN -> "network is down";
            default -> "errno " + errno;
        };
    }

    private Errno() {}
}

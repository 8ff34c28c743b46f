/* SPDX-License-Identifier: MIT */
/* Certificates and keys for an engine with TLS: an authority; a server certificate for
 * engine.example, 192.0.2.7 and 2001:db8::7; client certificates (ECDSA on P-384, RSA) and
 * their keys in every form. They were made for these tests and are used nowhere else. They are
 * valid for a hundred years. */
#ifndef TESTS_PAIRS_H
#define TESTS_PAIRS_H

__attribute__((unused)) static const char ec_authority_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBgTCCASegAwIBAgIUe42kStPSv6CXjnnvMLw8lmDDIU0wCgYIKoZIzj0EAwIw\n"
    "DTELMAkGA1UEAwwCY2EwIBcNMjYxMTI1MTcyMTM4WhgPMjEyNjExMDExNzIxMzha\n"
    "MA0xCzAJBgNVBAMMAmNhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbfFE2M/v\n"
    "bosPsCQilncAgA/g51I2o/t+4iXYUc555I5WARjTjpixwoDINfbgHklFYThbmJZ0\n"
    "oEsKlJoaJ7+sbqNjMGEwHQYDVR0OBBYEFI5FKpGk6pbFuGU4Z5MvVcKNoDU3MB8G\n"
    "A1UdIwQYMBaAFI5FKpGk6pbFuGU4Z5MvVcKNoDU3MA8GA1UdEwEB/wQFMAMBAf8w\n"
    "DgYDVR0PAQH/BAQDAgIEMAoGCCqGSM49BAMCA0gAMEUCIDgxrTgBNyx9ueydAnbE\n"
    "VHfsx0jHLH4/VBbLVbI/UVHFAiEAykd/8zXREMuNahhlgEjOgjfEEW4NY7BEVf40\n"
    "nIWzYiQ=\n"
    "-----END CERTIFICATE-----\n";

__attribute__((unused)) static const char address_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBlzCCAT2gAwIBAgIUUWcrbewM6Nq41UPItDHcfehfILQwCgYIKoZIzj0EAwIw\n"
    "DTELMAkGA1UEAwwCY2EwIBcNMjYxMTI1MTcyMTM4WhgPMjEyNjExMDExNzIxMzha\n"
    "MBExDzANBgNVBAMMBnNlcnZlcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABASQ\n"
    "0ZExIBC6AXn0I7KoJoiqZGCv/Kf86j06oIE96vLvlz8SPFizrpSSA5Aeb3dIbJRm\n"
    "wCic2iv3EAaRoETho1OjdTBzMDEGA1UdEQQqMCiCDmVuZ2luZS5leGFtcGxlhwTA\n"
    "AAIHhxAgAQ24AAAAAAAAAAAAAAAHMB0GA1UdDgQWBBTgMc8vNHNQhOixWWAqbsNp\n"
    "OCIhuTAfBgNVHSMEGDAWgBSORSqRpOqWxbhlOGeTL1XCjaA1NzAKBggqhkjOPQQD\n"
    "AgNIADBFAiBZb8u3vbg7S0WNagd6iXUHzB1WFoy9VfyiulPRe8CSAgIhAKv2o/+5\n"
    "PD+2JQAnkhd2YzKkpoVMmoZnH5+2JmHuGery\n"
    "-----END CERTIFICATE-----\n";

__attribute__((unused)) static const char address_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFILfEaR2LZilL5xq\n"
    "hvbqp4QXeoVaKWB7vojkreRojFOhRANCAAQEkNGRMSAQugF59COyqCaIqmRgr/yn\n"
    "/Oo9OqCBPery75c/EjxYs66UkgOQHm93SGyUZsAonNor9xAGkaBE4aNT\n"
    "-----END PRIVATE KEY-----\n";

__attribute__((unused)) static const char ec_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBkjCCATigAwIBAgIUUWcrbewM6Nq41UPItDHcfehfILUwCgYIKoZIzj0EAwIw\n"
    "DTELMAkGA1UEAwwCY2EwIBcNMjYxMTI1MTcyMTM4WhgPMjEyNjExMDExNzIxMzha\n"
    "MA0xCzAJBgNVBAMMAmVjMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE0cHh/8RoseiD\n"
    "kWc5IZGkAMicRHAtKA+aZ6SICDe7BaCVGFCJW3BswQbBNmOACIXKtFVrhZ3+BmUu\n"
    "f0R7GXh2faTuKtD5ChY5jdlfiw6ATvDALoe1MDLmIDurfuKFLeL3o1cwVTATBgNV\n"
    "HSUEDDAKBggrBgEFBQcDAjAdBgNVHQ4EFgQU1hBPVR9tmkV9vTy71W67xlFpD6Ew\n"
    "HwYDVR0jBBgwFoAUjkUqkaTqlsW4ZThnky9Vwo2gNTcwCgYIKoZIzj0EAwIDSAAw\n"
    "RQIgGRliHbPpr3TW9NnBTJSYyqB6i8EE+A3NmKmj2QA/TbUCIQCbyBcbB1hSMN5+\n"
    "eLvaVXZPbDtp+TiZeSR5/r6B5SlOnw==\n"
    "-----END CERTIFICATE-----\n";

__attribute__((unused)) static const char ec_pkcs8[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCOpe9WKadHAFPh8zuF\n"
    "HRwpc9bIJlN0UiNiWvu3PQWB3jyydFYo2spzVW+DbTvEmuChZANiAATRweH/xGix\n"
    "6IORZzkhkaQAyJxEcC0oD5pnpIgIN7sFoJUYUIlbcGzBBsE2Y4AIhcq0VWuFnf4G\n"
    "ZS5/RHsZeHZ9pO4q0PkKFjmN2V+LDoBO8MAuh7UwMuYgO6t+4oUt4vc=\n"
    "-----END PRIVATE KEY-----\n";

__attribute__((unused)) static const char ec_sec1[] =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MIGkAgEBBDCOpe9WKadHAFPh8zuFHRwpc9bIJlN0UiNiWvu3PQWB3jyydFYo2spz\n"
    "VW+DbTvEmuCgBwYFK4EEACKhZANiAATRweH/xGix6IORZzkhkaQAyJxEcC0oD5pn\n"
    "pIgIN7sFoJUYUIlbcGzBBsE2Y4AIhcq0VWuFnf4GZS5/RHsZeHZ9pO4q0PkKFjmN\n"
    "2V+LDoBO8MAuh7UwMuYgO6t+4oUt4vc=\n"
    "-----END EC PRIVATE KEY-----\n";

__attribute__((unused)) static const char ec_encrypted[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIIBHDBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIEw5GPknRPvYCAggA\n"
    "MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBDPdLkJ6s3ksBnRjVWJScIYBIHA\n"
    "3nwf8yFon19lD5M1M3BZ+DIWYl2o23LdD07mMSMvIm92ntxpMamfYcqduuTgbW7f\n"
    "rytdAnC0nsE4B24X74ZzTZIfQwpadwuqy8QeJPlrTj3sb3nP2Uq/b/chsy/pYAkR\n"
    "PtMIXKpXLPaCv/UKtSpKhHnehCDTnBFNUaPOOIFICAs/hmAAt1hebeqPzST0VHM3\n"
    "+LSHN1ryCS7Xo2qVzfjmfaOX2hkIKXwz5OyGZD/igw6PonFR/svlx/4CZirCjHfN\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

__attribute__((unused)) static const char ec_encrypted_old[] =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "Proc-Type: 4,ENCRYPTED\n"
    "DEK-Info: AES-128-CBC,346BDFFBD10CB9A975FDA2A95FC7B93F\n"
    "\n"
    "EBWpinrlcBB9n6THUaWvD7jQCSh5Q8uDMaTlRZRKIXHnuYaVFu2QRe/VFg8it9qo\n"
    "QCz+hF5q0aDfraylKzNEoXrPgXEUK6q9YO804JnFqPcoD2fBa4yRKqLsB8loDpGY\n"
    "sr+XNCs3JYt+1tGy60GP+SbTWaVBIAD5h+pX5ulCg3ja7RX+J89WpbUL7P9xJtYT\n"
    "rdnXnR8qMLS2vdg/Pa/7VGmiZ80aE95bULIK2vB8ktQ=\n"
    "-----END EC PRIVATE KEY-----\n";

__attribute__((unused)) static const char rsa_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICQjCCAeegAwIBAgIUUWcrbewM6Nq41UPItDHcfehfILYwCgYIKoZIzj0EAwIw\n"
    "DTELMAkGA1UEAwwCY2EwIBcNMjYxMTI1MTcyMTM5WhgPMjEyNjExMDExNzIxMzla\n"
    "MA4xDDAKBgNVBAMMA3JzYTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEB\n"
    "AKz//eLNhkcXQC9ZaQ79VXIaMhHt8CihblcalXr9JvoHEi/oJHV9kTfk74kwxy5F\n"
    "EKZwcfCoUnbmR/RnWZBHxEFRfX0+YldlQoVD+v+gy1yzrQ/JdrVLtOi77wHRE5sX\n"
    "JCy6JKx3jTvo21+uOfl7j7DVB30FsMzYlLQMKWysp/Ksxnn/zCCPtl+2HxOdoZNM\n"
    "SDaLFhy9PHY8og6oTiUqvf48ul22kBcFn6ZXhXR3necq+rJgMlI1WcLjMr6gunWl\n"
    "4sQ6cqJMZnle97oG74lq8ScDT8GnhH2WVkpoKxoGgzYwIC9pmJ+2MB/pQX5dmTDJ\n"
    "vGPNTc3Z+Rxml8PXQ0NPqvsCAwEAAaNXMFUwEwYDVR0lBAwwCgYIKwYBBQUHAwIw\n"
    "HQYDVR0OBBYEFKgpNyh3g0WPYWZLXcdtHjMf1JRFMB8GA1UdIwQYMBaAFI5FKpGk\n"
    "6pbFuGU4Z5MvVcKNoDU3MAoGCCqGSM49BAMCA0kAMEYCIQC+ORHwaYUFSKvHNRKC\n"
    "l0iCcZyaHfCl7A05muD8IEM0SAIhAOwLq6xxbGXpjFea5wAdHPv3NSh887SwZzzD\n"
    "pNSg3NCt\n"
    "-----END CERTIFICATE-----\n";

__attribute__((unused)) static const char rsa_pkcs8[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCs//3izYZHF0Av\n"
    "WWkO/VVyGjIR7fAooW5XGpV6/Sb6BxIv6CR1fZE35O+JMMcuRRCmcHHwqFJ25kf0\n"
    "Z1mQR8RBUX19PmJXZUKFQ/r/oMtcs60PyXa1S7Tou+8B0RObFyQsuiSsd4076Ntf\n"
    "rjn5e4+w1Qd9BbDM2JS0DClsrKfyrMZ5/8wgj7Zfth8TnaGTTEg2ixYcvTx2PKIO\n"
    "qE4lKr3+PLpdtpAXBZ+mV4V0d53nKvqyYDJSNVnC4zK+oLp1peLEOnKiTGZ5Xve6\n"
    "Bu+JavEnA0/Bp4R9llZKaCsaBoM2MCAvaZiftjAf6UF+XZkwybxjzU3N2fkcZpfD\n"
    "10NDT6r7AgMBAAECggEAUH70hTmYRy/cX6u8pIrf3S2vKoSKAH3Mt57Y+tcb8a6k\n"
    "mcHsZPa+QUG26yDVLQRZ0Pf1LENFy6kuxdvo4qdh+/qM51/FpmCpaRTOj28j8Mhx\n"
    "uCzHnWfSj5ASj8fW1Y0Y+e7K7aza/ItGt+h7dUg2/dLBnzysnUQRPQ2DoNtdch6J\n"
    "ttIFCt8pYMepIBPn2fyr+l2wlj6hNSUtLqx5XUt2VyaDHoPPIsbnNvrt0lvOMiVp\n"
    "QkPJsKYoAVGdE8dOZkHkYzXoMqPDp0aLVGE7rkEI5SpS2vPRsba8qEjZ5BvbdjXW\n"
    "Hbi7eFY3MsFBJxnQ1Ymm63f4YNPifVEfpJkfZDuuIQKBgQDmwRJ4M0JhfrLZnn4d\n"
    "n+5S6MQB/nZPCxtUWN6XPGPZgAzbEaNTOeMcGYKHIq4hLOcwrv2/M+UqKIjvQXJ+\n"
    "89EuQgt5xazzrEBDxZepas2iCMlAqvk73HCrGLjwB9WrH90rzq8ISRp+rHSr0Zhb\n"
    "QzjzsJ4P2B6in78IlvLdKMaN0wKBgQC/7Vkn1BTdMvCvdMdVfjv5pM3R+3X2GdQq\n"
    "q5UX/fnalOFTU1ZmxGcNLiajK+lZr9dlix/cNFwrLLuPN8RI7RnXeSXcKaxf2mqF\n"
    "uULlnSf4Ndtt5F8ptLQ/dawOUTCP8G85/mGqo7poBPSTuWfFf1V6Ka6lsyPDAjT5\n"
    "mAptv6QtOQKBgEWzhDSypxZ0AuohKc8hBAgfLzW6+1mc7UBpJ7NfFnoYZ8m0ZjU5\n"
    "gxR10CupmheDTMIz2YnrzwkQ/WvnxQH7+++RG45I25kvKqpOASW3kS2kocXa3zXp\n"
    "vE6yRQqcEzqBgXk+ETjbfBlPVl6gDPlkMMvLSbNXgMl2n2mkzu9m5bLpAoGAf/QQ\n"
    "uEjgEAhiBddo/UpHWcvRm+h1YDkgBcKWh4Q/Csau4gpxU9okidj20Vn5HF3q0DvM\n"
    "ZdZSjEYqVPTs22GXFNwjrX/q94x57+TvAH2hpAzj2YOjHf7nHFeq+XCPW6cDwDoj\n"
    "isvU/nwvQj0dPcICjoszcCzZ7qyN/MisSza0kaECgYALefv4LpKcoJTlKbVhjDbo\n"
    "8ouzpW4qM3jNcGXP0pPGdWuj31uhHVuxz13DHfxSLdxg0M8SB3HtlBx6fZAsS9dz\n"
    "QqfxCM4MGz2D+SNG5+JZgo+B6+ccBrpYYR3/bvrLXJXuWzAdXujCUe2byNFkqsCd\n"
    "ZJbplzSW1tKf67s32OAwMA==\n"
    "-----END PRIVATE KEY-----\n";

__attribute__((unused)) static const char rsa_pkcs1[] =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIIEogIBAAKCAQEArP/94s2GRxdAL1lpDv1VchoyEe3wKKFuVxqVev0m+gcSL+gk\n"
    "dX2RN+TviTDHLkUQpnBx8KhSduZH9GdZkEfEQVF9fT5iV2VChUP6/6DLXLOtD8l2\n"
    "tUu06LvvAdETmxckLLokrHeNO+jbX645+XuPsNUHfQWwzNiUtAwpbKyn8qzGef/M\n"
    "II+2X7YfE52hk0xINosWHL08djyiDqhOJSq9/jy6XbaQFwWfpleFdHed5yr6smAy\n"
    "UjVZwuMyvqC6daXixDpyokxmeV73ugbviWrxJwNPwaeEfZZWSmgrGgaDNjAgL2mY\n"
    "n7YwH+lBfl2ZMMm8Y81Nzdn5HGaXw9dDQ0+q+wIDAQABAoIBAFB+9IU5mEcv3F+r\n"
    "vKSK390tryqEigB9zLee2PrXG/GupJnB7GT2vkFBtusg1S0EWdD39SxDRcupLsXb\n"
    "6OKnYfv6jOdfxaZgqWkUzo9vI/DIcbgsx51n0o+QEo/H1tWNGPnuyu2s2vyLRrfo\n"
    "e3VINv3SwZ88rJ1EET0Ng6DbXXIeibbSBQrfKWDHqSAT59n8q/pdsJY+oTUlLS6s\n"
    "eV1Ldlcmgx6DzyLG5zb67dJbzjIlaUJDybCmKAFRnRPHTmZB5GM16DKjw6dGi1Rh\n"
    "O65BCOUqUtrz0bG2vKhI2eQb23Y11h24u3hWNzLBQScZ0NWJput3+GDT4n1RH6SZ\n"
    "H2Q7riECgYEA5sESeDNCYX6y2Z5+HZ/uUujEAf52TwsbVFjelzxj2YAM2xGjUznj\n"
    "HBmChyKuISznMK79vzPlKiiI70FyfvPRLkILecWs86xAQ8WXqWrNogjJQKr5O9xw\n"
    "qxi48AfVqx/dK86vCEkafqx0q9GYW0M487CeD9geop+/CJby3SjGjdMCgYEAv+1Z\n"
    "J9QU3TLwr3THVX47+aTN0ft19hnUKquVF/352pThU1NWZsRnDS4moyvpWa/XZYsf\n"
    "3DRcKyy7jzfESO0Z13kl3CmsX9pqhblC5Z0n+DXbbeRfKbS0P3WsDlEwj/BvOf5h\n"
    "qqO6aAT0k7lnxX9VeimupbMjwwI0+ZgKbb+kLTkCgYBFs4Q0sqcWdALqISnPIQQI\n"
    "Hy81uvtZnO1AaSezXxZ6GGfJtGY1OYMUddArqZoXg0zCM9mJ688JEP1r58UB+/vv\n"
    "kRuOSNuZLyqqTgElt5EtpKHF2t816bxOskUKnBM6gYF5PhE423wZT1ZeoAz5ZDDL\n"
    "y0mzV4DJdp9ppM7vZuWy6QKBgH/0ELhI4BAIYgXXaP1KR1nL0ZvodWA5IAXCloeE\n"
    "PwrGruIKcVPaJInY9tFZ+Rxd6tA7zGXWUoxGKlT07NthlxTcI61/6veMee/k7wB9\n"
    "oaQM49mDox3+5xxXqvlwj1unA8A6I4rL1P58L0I9HT3CAo6LM3As2e6sjfzIrEs2\n"
    "tJGhAoGAC3n7+C6SnKCU5Sm1YYw26PKLs6VuKjN4zXBlz9KTxnVro99boR1bsc9d\n"
    "wx38Ui3cYNDPEgdx7ZQcen2QLEvXc0Kn8QjODBs9g/kjRufiWYKPgevnHAa6WGEd\n"
    "/276y1yV7lswHV7owlHtm8jRZKrAnWSW6Zc0ltbSn+u7N9jgMDA=\n"
    "-----END RSA PRIVATE KEY-----\n";

__attribute__((unused)) static const char ed25519_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIEs8ooGfCldHpfaJnN/E6ux3WuI8p+bqPqPTsE/LtZA/\n"
    "-----END PRIVATE KEY-----\n";

#endif

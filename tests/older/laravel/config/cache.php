<?php // What newer versions of Laravel know without a file.

return ['default' => 'array', 'stores' => ['array' => ['driver' => 'array']], 'prefix' => 'application'];
